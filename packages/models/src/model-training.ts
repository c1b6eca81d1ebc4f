import type { Distance, Loss } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { createRandom, type Random } from '@simile/core/random';
import type { DataType } from '@tensorflow/tfjs-core';
import type { SimilarityModel } from './contract.ts';
import type { TrainingMetric } from './options.ts';
import type { Embedder } from './embedders/embedder.ts';
import type { LayersEmbedder } from './embedders/layers-embedder.ts';
import { restoreLoss, takesSaved } from './file/saved-loss.ts';
import { checkAlive, emptyIndex, stateError, type ModelState } from './model-state.ts';
import { batchesOf } from './training/batches.ts';
import { variablesOf } from './training/compute-step.ts';
import { checkMetrics } from './training/check-metrics.ts';
import { fit } from './training/fit.ts';
import { chooseLossOptimizer } from './training/loss-optimizer.ts';
import { chooseOptimizer, type ChosenOptimizer } from './training/optimizer.ts';
import { drawDropout } from './training/repeatable-weights.ts';

/** The part of a model that learns. */
export interface ModelTraining extends Pick<SimilarityModel, 'compile' | 'fit'> {
  /** Frees the optimizers. */
  dispose(): void;
}

interface Compiled {
  readonly optimizers: readonly [network: ChosenOptimizer, loss: ChosenOptimizer | undefined];
  readonly loss: Loss;
  readonly metrics: readonly TrainingMetric[];
}

export function modelTraining<Input>(
  embedder: Embedder<Input>,
  seed: number | undefined,
  state: ModelState,
): ModelTraining {
  let compiled: Compiled | undefined;
  const random: Random | undefined = seed === undefined ? undefined : createRandom(seed).fork('dropout');
  const free = (): void => {
    for (const chosen of compiled?.optimizers ?? []) chosen?.dispose();
    compiled = undefined;
  };
  const network = (where: string): LayersEmbedder => {
    checkAlive(where, state);
    if (state.training) throw stateError(where, 'the model must not be in training', 'Await the fit before.');
    if (embedder.kind === 'layers') return embedder as unknown as LayersEmbedder;
    const remedy = 'Train it where it was made, or build it of layers: similarityModel({ inputs, outputs }).';
    throw stateError(where, 'only a model of tfjs-layers can be trained', remedy, `a model of kind ${embedder.kind}`);
  };

  return {
    compile: (options) => {
      const { optimizer = 'adam', learningRate, loss, metrics = [], distance, restoreLoss: restores = true } = options;
      const where = 'model.compile';
      network(where);
      const metric = metricFor(where, loss, distance) ?? state.index.metric;
      if (metric !== state.index.metric && state.index.size > 0) {
        throw stateError(
          where,
          `records in the index are compared by ${state.index.metric}`,
          'Call model.resetIndex first.',
          metric,
        );
      }
      checkMetrics(where, metrics);
      const { layers } = embedder as unknown as LayersEmbedder;
      loss.prepare?.({ dimension: embedder.dimension!, variables: variablesOf(layers.weights) });
      const saved = restores ? state.savedLoss : undefined;
      const taken = takesSaved(where, loss, saved);
      const optimizers = [
        chooseOptimizer(where, optimizer, learningRate),
        chooseLossOptimizer(where, options),
      ] as const;
      free();
      if (taken) restoreLoss(loss, saved!);
      compiled = { optimizers, loss, metrics };
      state.loss = loss;
      state.savedLoss = undefined;
      if (metric !== state.index.metric) state.index = emptyIndex(metric, embedder.dimension, state.search);
    },
    fit: async (data, options = {}) => {
      const where = 'model.fit';
      const { layers, itemShape } = network(where);
      if (!compiled) throw stateError(where, 'the model must be compiled', 'Call model.compile({ loss }) first.');
      state.training = true;
      try {
        const { batchSize = 64, validationData } = options;
        const dtype = (layers.inputs[0]!.dtype ?? 'float32') as DataType;
        const batches = { batchSize, seed: seed ?? 0, dtype };
        const sampler = await batchesOf(where, data, { ...batches, reshuffle: true });
        const validation = validationData && (await batchesOf(where, validationData, { ...batches, reshuffle: false }));
        const beforeStep = (): void => {
          if (random) drawDropout(layers, random);
          state.stale = state.index.size > 0;
        };
        const { loss, metrics, optimizers } = compiled;
        const [optimizer, lossOptimizer] = [await optimizers[0].optimizer(), await optimizers[1]?.optimizer()];
        const parts = { loss, metrics, optimizer, lossOptimizer };
        return await fit(where, { ...parts, layers, itemShape, sampler, validation, beforeStep }, options);
      } catch (error) {
        if (SimileError.is(error) && error.code === 'ERR_NAN') compiled.optimizers.forEach((chosen) => chosen?.renew());
        throw error;
      } finally {
        state.training = false;
      }
    },
    dispose: free,
  };
}

/** The metric of the index that goes with a loss. @throws `ERR_OPTION` for one that the loss does not pull on */
function metricFor(where: string, loss: Loss, distance: Distance | string | undefined): string | undefined {
  if (typeof loss !== 'function') {
    throw new SimileError({
      where,
      rule: 'loss must be a loss such as multiSimilarity()',
      got: loss,
      remedy: 'Import one from @simile/losses, or make one with defineLoss.',
      code: 'ERR_OPTION',
    });
  }
  if ('takesTargets' in loss) {
    throw new SimileError({
      where,
      rule: 'loss must be one over labels and embeddings, not over two views',
      got: loss,
      remedy: 'Wrap it in twoViews({ loss }) of @simile/losses, and train on batches of twoViewSampler.',
      code: 'ERR_OPTION',
    });
  }
  const asked = typeof distance === 'string' ? distance : distance?.metric;
  const own = loss.distance?.metric;
  if (asked === undefined || own === undefined || asked === own) return asked ?? own;
  throw new SimileError({
    where,
    rule: `distance must be ${own}, which ${loss.name} pulls on`,
    got: asked,
    remedy: `Leave distance out, or give it to ${loss.name}.`,
    code: 'ERR_OPTION',
  });
}
