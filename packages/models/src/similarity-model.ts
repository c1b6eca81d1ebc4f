import type { Distance } from '@simile/core';
import { checkInteger, SimileError } from '@simile/core/errors';
import { createRandom } from '@simile/core/random';
import { model as layersModel, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { SimilarityModel } from './contract.ts';
import type { TensorInput } from './options.ts';
import type { EngineChoice } from '@simile/index';
import { createModel } from './create-model.ts';
import { functionEmbedder, type EmbedFunction } from './embedders/function-embedder.ts';
import { graphEmbedder, type GraphModelLike } from './embedders/graph-embedder.ts';
import { layersEmbedder } from './embedders/layers-embedder.ts';
import { emptyIndex } from './model-state.ts';
import { drawWeights } from './training/repeatable-weights.ts';

/** Options that every similarity model has. */
export interface CommonModelOptions {
  /** Default that of the network, else `similarity-model`. */
  readonly name?: string;
  /** Distance of the index until a loss brings its own. Default cosine. */
  readonly distance?: Distance | string;
  /** How the index searches: `{ recall: 0.99 }`, `{ engine: 'flat' }`; see `createIndex`. Default exact up to some 20,000 records, a graph above. */
  readonly search?: EngineChoice;
}

/** A model to be trained, from a graph of layers. */
export interface LayerGraphOptions extends CommonModelOptions {
  readonly inputs: SymbolicTensor;
  /** Of shape `[n, dimension]`: what `metricEmbedding` returns. */
  readonly outputs: SymbolicTensor | ReturnType<LayersModel['apply']>;
  /**
   * Whole number that makes a run repeatable: weights are drawn anew from it, and batches of plain data and dropout follow
   * it. Left to chance by tfjs itself: GaussianNoise, GaussianDropout, AlphaDropout and the dropout inside recurrent
   * layers. Default none: weights by chance.
   */
  readonly seed?: number;
}

/** A network that exists already: of tfjs-layers (which can be trained further) or a graph model (which cannot). */
export interface NetworkOptions extends CommonModelOptions {
  readonly model: LayersModel | GraphModelLike;
}

/** Any function from items to vectors, such as a text or image encoder of another library. */
export interface FunctionOptions<Item> extends CommonModelOptions {
  readonly embed: EmbedFunction<Item>;
  /** Values of a vector. Default as many as the first has. */
  readonly dimension?: number;
}

/**
 * A model that learns an embedding and keeps an index of it: train, index, look up, calibrate, match, save.
 *
 * Around a graph of layers, a network that exists already, or any function from items to vectors; of the last, `predict`,
 * `index` and lookups take a list of items, and `singleLookup` one item.
 *
 * @throws `ERR_OPTION`; `ERR_SHAPE` for a network without exactly one input and one output `[n, dimension]`
 * @example
 * const inputs = tf.input({ shape: [4] });
 * const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 2 }).apply(inputs), seed: 1 });
 * model.dimension; // 2
 */
export function similarityModel<Item>(options: FunctionOptions<Item>): SimilarityModel<readonly Item[], Item>;
export function similarityModel(options: LayerGraphOptions | NetworkOptions): SimilarityModel;
export function similarityModel<Item>(
  options: LayerGraphOptions | NetworkOptions | FunctionOptions<Item>,
): SimilarityModel<readonly Item[], Item> | SimilarityModel {
  const where = 'similarity-model';
  const { distance = 'cosine', search = {} } = options;
  const metric = typeof distance === 'string' ? distance : distance.metric;
  if ('embed' in options) {
    const { embed, dimension, name = where } = options;
    if (dimension !== undefined) checkInteger(where, { dimension }, 1);
    const embedder = functionEmbedder(embed, dimension);
    const index = emptyIndex(metric, dimension, search);
    return createModel({ embedder, single: (item: Item) => [item], name, seed: undefined, index, search });
  }
  if ('model' in options) {
    const { model } = options;
    if ('seed' in options) throw seedError(where, options.seed);
    const layers = 'layers' in model ? model : undefined;
    const embedder = layers ? layersEmbedder(where, layers) : graphEmbedder(where, model as GraphModelLike);
    const index = emptyIndex(metric, embedder.dimension, search);
    const name = options.name ?? layers?.name ?? where;
    return createModel({ embedder, single, name, seed: undefined, index, search });
  }
  const { inputs, outputs, seed, name } = options;
  if (seed !== undefined) checkInteger(where, { seed }, 0);
  const layers = layersModel({ inputs, outputs: outputs as SymbolicTensor, ...(name && { name }) });
  const embedder = layersEmbedder(where, layers);
  if (seed !== undefined) drawWeights(layers, createRandom(seed).fork('weights'));
  const index = emptyIndex(metric, embedder.dimension, search);
  return createModel({ embedder, single, name: layers.name, seed, index, search });
}

/** A tensor input may hold one item with or without its row. */
export const single = (x: TensorInput): TensorInput => x;

function seedError(where: string, got: unknown): SimileError {
  return new SimileError({
    where,
    rule: 'seed draws the weights of { inputs, outputs }; a model that exists keeps its own',
    got,
    remedy: 'Leave seed out.',
    code: 'ERR_OPTION',
  });
}
