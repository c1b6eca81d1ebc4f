import type { Batch, Loss, Sampler } from '@simile/core';
import { checkInteger, SimileError } from '@simile/core/errors';
import { checkItems, takeItems, type Items, type LabelledItems } from '@simile/core/items';
import { createRandom } from '@simile/core/random';
import { tensor, tensor1d, type DataType, type TypedArray } from '@tensorflow/tfjs-core';
import type { TrainingData } from '../options.ts';
import { checkShape, isItems, isTensor } from '../embedders/tensor-batches.ts';

/** What {@link batchesOf} needs to know. */
export interface BatchOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** False for validation: the order of one seed, the same each time. */
  readonly reshuffle: boolean;
  readonly dtype: DataType;
}

/** A sampler as it is; plain data as a sampler of shuffled batches, each item once an epoch. */
export async function batchesOf(where: string, data: TrainingData, options: BatchOptions): Promise<Sampler> {
  if (Symbol.asyncIterator in data) return data;
  const { batchSize, seed, reshuffle, dtype } = options;
  checkInteger(where, { batchSize }, 2);
  const { x, labels } = await readData(where, data);
  const [count = 0] = x.shape;
  const steps = Math.ceil(count / batchSize); // of even size: a last batch of one item could not be learnt from
  const stream = async function* (): AsyncGenerator<Batch> {
    for (let epoch = 0; ; epoch++) {
      const order = createRandom(seed)
        .fork(`order ${reshuffle ? epoch : 0}`)
        .shuffle(Int32Array.from({ length: count }, (_, i) => i));
      for (let step = 0; step < steps; step++) {
        const rows = order.subarray(...[step, step + 1].map((end) => Math.floor((end * count) / steps)));
        const taken = takeItems(x, rows);
        yield {
          x: tensor(taken.data as TypedArray, [...taken.shape], dtype),
          labels: tensor1d(
            Int32Array.from(rows, (row) => labels[row]!),
            'int32',
          ),
        };
      }
    }
  };
  return { stepsPerEpoch: steps, seed, [Symbol.asyncIterator]: stream };
}

async function readData(where: string, data: Exclude<TrainingData, Sampler>): Promise<LabelledItems> {
  const { x, labels } = data;
  const items: Items = isTensor(x) ? { data: (await x.data()) as Float32Array, shape: x.shape } : x;
  if (!isItems(items)) {
    throw new SimileError({
      where,
      rule: 'data must be a sampler or { x, labels } of tensors or items',
      got: data,
      remedy: 'Make a sampler with multiShotSampler, or pass { x: { data, shape }, labels }.',
      code: 'ERR_OPTION',
    });
  }
  checkItems(where, items);
  const ids = isTensor(labels) ? Int32Array.from(await labels.data()) : labels;
  checkCounts(where, items.shape[0]!, ids?.length ?? 0);
  checkFiniteRows(where, items, 'x');
  return { x: items, labels: ids };
}

/**
 * What a batch must be, checked before anything is computed: items of the model's shape, with a label each.
 *
 * @throws `ERR_DATA`, `ERR_SHAPE`
 */
export function checkBatch(where: string, { x, labels }: Batch, itemShape: readonly (number | null)[]): void {
  checkShape(where, x.shape, itemShape);
  if (labels.rank !== 1) {
    throw new SimileError({
      where,
      rule: 'labels must have shape [n], one class id a row of x',
      got: labels.shape,
      remedy: 'For one-hot labels, pass labels.argMax(1).',
      code: 'ERR_SHAPE',
    });
  }
  checkCounts(where, x.shape[0]!, labels.shape[0]);
}

/** There must be something to push away. @throws `ERR_DATA` for a batch of one class */
export async function checkClasses(where: string, { labels }: Batch, loss: Loss): Promise<void> {
  const ids = await labels.data();
  // A loss with weights of its own (proxies) compares with those.
  if (!loss.variables?.length && ids.every((id) => id === ids[0])) {
    throw new SimileError({
      where,
      rule: 'a batch must have items of at least two classes',
      got: ids,
      remedy: 'Use multiShotSampler with classesPerBatch of 2 or more.',
      code: 'ERR_DATA',
    });
  }
}

function checkCounts(where: string, rows: number, labels: number): void {
  if (rows > 0 && rows === labels) return;
  throw new SimileError({
    where,
    rule: rows > 0 ? `there must be one label for each of the ${rows} rows of x` : 'x must have at least one row',
    got: rows > 0 ? labels : 0,
    remedy: 'Check that x and labels were cut alike.',
    code: rows > 0 ? 'ERR_SHAPE' : 'ERR_DATA',
  });
}

/** @throws `ERR_NAN` naming the first row with a value that is not finite */
export function checkFiniteRows(where: string, { data, shape }: Items, what: string): void {
  const bad = data instanceof Float32Array ? data.findIndex((value) => !Number.isFinite(value)) : -1;
  if (bad < 0) return;
  throw new SimileError({
    where,
    rule: `row ${Math.floor(bad / (data.length / shape[0]!))} of ${what} must have finite numbers only`,
    got: data[bad],
    remedy: 'Repair or leave out that item. Nothing was changed.',
    code: 'ERR_NAN',
  });
}

/** The batches of a sampler, for as many epochs as it takes. */
export interface BatchStream {
  /** The next batch; undefined when the sampler has ended. With `anew`, a sampler that ended begins again. */
  next(anew: boolean): Promise<Batch | undefined>;
  close(): Promise<void>;
}

/** One stream through all epochs; a sampler with an end is begun again. @throws `ERR_DATA` for one without a batch */
export function batchStream(where: string, sampler: Sampler): BatchStream {
  let iterator: AsyncIterator<Batch> | undefined;
  const next = async (anew: boolean): Promise<Batch | undefined> => {
    if (!iterator && !anew) return undefined;
    const begun = iterator !== undefined;
    iterator ??= sampler[Symbol.asyncIterator]();
    const { done, value } = await iterator.next();
    if (!done) return value;
    iterator = undefined;
    if (begun) return next(anew);
    throw new SimileError({
      where,
      rule: 'the sampler must have at least one batch',
      remedy: 'Check its options and its data.',
      code: 'ERR_DATA',
    });
  };
  return { next, close: async () => void (await iterator?.return?.()) };
}
