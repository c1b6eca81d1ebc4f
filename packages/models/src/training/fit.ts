import type { Batch, Sampler } from '@simile/core';
import { checkInteger } from '@simile/core/errors';
import { dispose, type Optimizer } from '@tensorflow/tfjs-core';
import type { FitOptions, TrainingHistory } from '../contract.ts';
import { batchStream, checkBatch } from './batches.ts';
import { makeBreaks } from './breaks.ts';
import { callbackList, type Logs } from './callbacks.ts';
import { makeProgress, type StepPlace } from './progress.ts';
import { startStep, type StartedStep, type StepParts } from './step.ts';
import { validate } from './validate.ts';

/** What {@link fit} trains, and on what. */
export interface FitParts extends StepParts {
  readonly itemShape: readonly (number | null)[];
  readonly sampler: Sampler;
  readonly validation: Sampler | undefined;
  /** Called before each step. */
  readonly beforeStep: () => void;
}

/**
 * The training loop. `LayersModel.fit` will not do: it refuses integer labels and knows nothing of samplers. Callbacks come
 * in its order: train begin, epoch begin, batch begin, batch end, epoch end, train end.
 */
export async function fit(where: string, parts: FitParts, options: FitOptions): Promise<TrainingHistory> {
  const { layers, loss, metrics, optimizer, sampler, validation, itemShape } = parts;
  const { epochs = 1, stepsPerEpoch = sampler.stepsPerEpoch, signal, onStep, learningRateSchedule } = options;
  const { validationSteps = validation?.stepsPerEpoch ?? 1 } = options;
  checkInteger(where, { epochs, stepsPerEpoch, validationSteps }, 1);
  const callbacks = callbackList(options.callbacks, layers);
  const progress = makeProgress(epochs * stepsPerEpoch, ['loss', ...metrics.map(({ name }) => name)]);
  const takeBreak = makeBreaks();
  const stream = batchStream(where, sampler);
  const history: Logs[] = [];

  // On a GPU one step is under way while the next is prepared, and is reported when its numbers are there.
  let underway: { started: StartedStep; place: StepPlace; batch: Batch } | undefined;
  const report = async (step: typeof underway): Promise<void> => {
    if (!step) return;
    const { started, place, batch } = step;
    try {
      const { logs, told } = progress.report(place, batch.x.shape[0]!, await started.settle());
      await callbacks.batchEnd(place.batch, logs);
      onStep?.(told);
      if (await takeBreak()) await callbacks.yielded(place.epoch, place.batch, logs);
    } finally {
      dispose([batch.x, batch.labels]);
    }
  };
  const run = async (batch: Batch, place: StepPlace): Promise<void> => {
    const at = `${where}, step ${place.step}`;
    let started: StartedStep;
    try {
      await checkBatch(at, batch, itemShape, loss);
      await callbacks.batchBegin(place.batch, { batch: place.batch, size: batch.x.shape[0]! });
      if (place.learningRate !== undefined) setLearningRate(optimizer, place.learningRate);
      parts.beforeStep();
      started = await startStep(at, parts, batch);
    } catch (error) {
      dispose([batch.x, batch.labels]);
      throw error;
    }
    const before = underway;
    underway = { started, place, batch };
    await report(before);
    if (started.done) await report(takeUnderway());
  };
  const takeUnderway = (): typeof underway => {
    const step = underway;
    underway = undefined;
    return step;
  };
  let cancelled = false;
  const stopped = (): boolean => {
    cancelled ||= signal?.aborted ?? false;
    return cancelled || layers.stopTraining;
  };

  layers.stopTraining = false;
  let step = 0;
  try {
    await callbacks.begin({ epochs, steps: stepsPerEpoch, initialEpoch: 0, doValidation: validation !== undefined });
    for (let epoch = 0; epoch < epochs && !stopped(); epoch++) {
      await callbacks.epochBegin(epoch);
      progress.beginEpoch();
      for (let batch = 0; batch < stepsPerEpoch && !stopped(); batch++) {
        const next = await stream.next(batch === 0);
        if (!next) break; // the sampler ended early: so does the epoch
        const learningRate = learningRateSchedule?.(step);
        await run(next, { epoch, step, batch, ...(learningRate !== undefined && { learningRate }) });
        step++;
      }
      await report(takeUnderway());
      if (progress.stepsOfEpoch() === 0) break;
      const logs = progress.logsOfEpoch();
      if (validation && !cancelled) Object.assign(logs, await validate(where, parts, validation, validationSteps));
      await callbacks.epochEnd(epoch, logs);
      history.push(logs);
    }
    await callbacks.end();
  } finally {
    const left = takeUnderway();
    left?.started.drop();
    if (left) dispose([left.batch.x, left.batch.labels]);
    await stream.close();
  }
  return { epochs: history, losses: progress.losses, cancelled, milliseconds: progress.milliseconds() };
}

/** Optimizers of tfjs keep the rate in a field or, where they have one, behind a method. */
function setLearningRate(optimizer: Optimizer, rate: number): void {
  const open = optimizer as unknown as { setLearningRate?: (rate: number) => void; learningRate: number };
  if (open.setLearningRate) open.setLearningRate(rate);
  else open.learningRate = rate;
}
