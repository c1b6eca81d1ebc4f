import { SimileError } from '@simile/core/errors';
import type { Items } from '@simile/core/items';
import type { AddOptions, Neighbor } from '@simile/index';
import type { SimilarityModel } from './contract.ts';
import type { LookupOptions, PredictOptions } from './options.ts';
import type { Embedder } from './embedders/embedder.ts';
import { evaluate } from './evaluate.ts';
import { readData, readLabels } from './labels-and-data.ts';
import { checkAlive, checkRecords, stateError, type ModelState } from './model-state.ts';
import { summarize } from './summary.ts';

/** The part of a model that embeds and looks up. */
export type ModelIndex<Input, One> = Pick<
  SimilarityModel<Input, One>,
  | 'predict'
  | 'index'
  | 'lookup'
  | 'singleLookup'
  | 'lookupVectors'
  | 'calibrate'
  | 'match'
  | 'evaluate'
  | 'resetIndex'
  | 'indexSummary'
>;

/** @param single The input that holds one item alone */
export function modelIndex<Input, One>(
  { embedder, name, seed }: { embedder: Embedder<Input>; name: string; seed: number | undefined },
  single: (x: One) => Input,
  state: ModelState,
): ModelIndex<Input, One> {
  const embed = (where: string, x: Input, options: PredictOptions): Promise<Items<Float32Array>> => {
    checkAlive(where, state);
    return embedder.embed(where, x, options);
  };
  const search = async (
    where: string,
    x: Input,
    { batchSize, ...options }: LookupOptions,
    one = false,
  ): Promise<Neighbor[][]> => {
    checkRecords(where, state);
    const { signal } = options;
    const vectors = await embed(where, x, { ...(batchSize && { batchSize }), ...(signal && { signal }) });
    if (one) checkOne(where, vectors);
    return state.index.search(vectors, options);
  };

  return {
    predict: (x, options = {}) => embed('model.predict', x, options),
    index: async (x, { labels, data, ids, ...options } = {}) => {
      const where = 'model.index';
      const vectors = await embed(where, x, options);
      const count = vectors.shape[0]!;
      const add: AddOptions = {
        ...(ids && { ids }),
        ...(labels && { labels: await readLabels(where, labels, count) }),
        ...(data && { data: await readData(data) }),
        ...(options.signal && { signal: options.signal }),
      };
      return state.index.add(vectors, add);
    },
    lookup: (x, options = {}) => search('model.lookup', x, options),
    singleLookup: async (x, options = {}) => (await search('model.single-lookup', single(x), options, true))[0]!,
    lookupVectors: async (vectors, options = {}) => {
      checkAlive('model.lookup-vectors', state);
      checkRecords('model.lookup-vectors', state);
      return state.index.search(vectors, options);
    },
    calibrate: async (x, labels, { batchSize, signal, ...options } = {}) => {
      const where = 'model.calibrate';
      checkRecords(where, state);
      const vectors = await embed(where, x, { ...(batchSize && { batchSize }), ...(signal && { signal }) });
      return state.index.calibrate(vectors, await readLabels(where, labels, vectors.shape[0]!), options);
    },
    match: async (x, { batchSize, signal, ...options } = {}) => {
      const where = 'model.match';
      const { cutpoint = 'optimal' } = options;
      if (typeof cutpoint === 'string' && !state.index.calibration) {
        const remedy = 'Call model.calibrate first, or give the distance up to which a match counts.';
        throw stateError(where, `cut-point ${cutpoint} needs a calibration`, remedy);
      }
      const vectors = await embed(where, x, { ...(batchSize && { batchSize }), ...(signal && { signal }) });
      return state.index.match(vectors, options);
    },
    evaluate: async (x, labels, options = {}) => {
      const where = 'model.evaluate';
      checkRecords(where, state);
      const vectors = await embed(where, x, options);
      return evaluate(state.index, vectors, await readLabels(where, labels, vectors.shape[0]!), options);
    },
    resetIndex: async () => {
      await state.index.clear();
      state.stale = false;
    },
    indexSummary: () => {
      const { index, stale } = state;
      const labels = Array.from(index, ({ label }) => label);
      return summarize({ name, seed, stale, index: index.describe(), labels, calibration: index.calibration });
    },
  };
}

function checkOne(where: string, { shape }: Items): void {
  if (shape[0] === 1) return;
  throw new SimileError({
    where,
    rule: 'x must be one item',
    got: shape[0],
    remedy: 'Use model.lookup for several.',
    code: 'ERR_SHAPE',
  });
}
