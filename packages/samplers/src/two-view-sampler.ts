import type { Augmenter, Batch, Sampler } from '@simile/core';
import { checkInteger, checkNames, checkOneOf, SimileError } from '@simile/core/errors';
import { itemSize, type Items, type LabelledItems } from '@simile/core/items';
import { createRandom, type Random } from '@simile/core/random';
import { checkAugmented, checkFiniteItems } from './checks.ts';
import { gatherFloats } from './gather-floats.ts';
import { rowStream } from './row-stream.ts';
import { toTensors } from './to-tensors.ts';

const ID = 'two-view-sampler';

/** Options of {@link twoViewSampler}. */
export interface TwoViewSamplerOptions {
  /** Different items in a batch, of which it holds two views each; a whole number from 2 to the number of items. */
  itemsPerBatch: number;
  /** Makes the first view of each item. Gets a stream of random numbers of its own for each step and view. */
  augment: Augmenter;
  /** Makes the second view. Default `augment`, by other random numbers. */
  secondAugment?: Augmenter;
  /** Batches that make an epoch. Default as many whole batches as the items make. */
  stepsPerEpoch?: number;
  /** Any whole number; the same seed gives the same batches. Default 0. */
  seed?: number;
  /** False takes the items in the order of the data. Default true. */
  shuffle?: boolean;
}

/** What {@link twoViewSampler} makes. */
export interface TwoViewSampler extends Sampler {
  /** Rows in a batch: `2 * itemsPerBatch`. */
  readonly batchSize: number;
  /** Items to draw from. */
  readonly size: number;
  /** Batches from step `from` on (default 0): the same as a stream from 0 gives there. The caller owns the tensors. */
  batches(from?: number): AsyncGenerator<Batch, void, void>;
  /** The same batches as plain data, for a worker or another library. */
  items(from?: number): Generator<LabelledItems<Float32Array>, void, void>;
}

/**
 * Two augmented views of each item, for learning without labels: the first views of all items of a batch, then the second ones in the
 * same order.
 *
 * | tensor   | shape                    | dtype   | values                                                           |
 * | -------- | ------------------------ | ------- | ---------------------------------------------------------------- |
 * | `x`      | `[2n, ...shape of item]` | float32 | those of `augment`                                               |
 * | `labels` | `[2n]`                   | int32   | row of the item in the data: the same for its two views          |
 *
 * Train with `twoViews({ loss: ntXent() })` of `@simile/losses`, or with any loss over labels, to which the two views of an item are a class.
 * Every item comes once before any comes again, across batches and epochs. The stream has no end; each `for await` starts it again from the
 * seed. Data is read, never written.
 *
 * Cost: the data is looked through once (float32: for NaN), and `augment` twice a batch.
 *
 * @throws `ERR_DATA` for no data or a NaN (with its row); `ERR_SHAPE` when data and shape disagree, or an augmenter returns another number of
 *   items or the two return different shapes; `ERR_OPTION`.
 * @see Chen et al., “A Simple Framework for Contrastive Learning of Visual Representations”, ICML 2020, algorithm 1:
 *   https://arxiv.org/abs/2002.05709
 * @example
 * const x = { data: new Float32Array([10, 20, 30]), shape: [3, 1] };
 * const augment: Augmenter = ({ shape, data }, random) => ({ shape, data: Float32Array.from(data, (value) => value + random.uniform()) });
 * const sampler = twoViewSampler(x, { itemsPerBatch: 2, augment, shuffle: false });
 * for await (const batch of sampler) {
 *   batch.x.shape; // [4, 1]
 *   batch.labels; // [0, 1, 0, 1]
 *   break;
 * }
 */
export function twoViewSampler(x: Items, options: TwoViewSamplerOptions): TwoViewSampler {
  checkNames(ID, options, KNOWN);
  checkFiniteItems(ID, x);
  const { itemsPerBatch, augment, secondAugment = augment, seed = 0, shuffle = true } = options;
  const size = x.shape[0]!;
  const { stepsPerEpoch = Math.max(1, Math.floor(size / itemsPerBatch)) } = options;
  checkBatch(itemsPerBatch, size);
  checkAugmenters({ augment, secondAugment });
  checkInteger(ID, { stepsPerEpoch }, 1);
  checkInteger(ID, { seed }, Number.MIN_SAFE_INTEGER);
  checkOneOf(ID, { shuffle }, [true, false]);

  function* items(from = 0): Generator<LabelledItems<Float32Array>, void, void> {
    checkInteger(ID, { from }, 0);
    const random = createRandom(seed);
    const take = rowStream(
      Int32Array.from({ length: size }, (_, row) => row),
      shuffle ? random.fork('rows') : undefined,
    );
    for (let step = 0; ; step++) {
      const rows = take(itemsPerBatch);
      if (step < from) continue;
      const view = (change: Augmenter, stream: Random): Items<Float32Array> =>
        checkAugmented(ID, change(gatherFloats(x, rows), stream), itemsPerBatch);
      const first = view(augment, random.fork(`first view ${step}`));
      const second = view(secondAugment, random.fork(`second view ${step}`));
      yield { x: stacked(first, second), labels: Int32Array.from([...rows, ...rows]) };
    }
  }
  async function* batches(from = 0): AsyncGenerator<Batch, void, void> {
    for (const batch of items(from)) yield toTensors(batch);
  }
  return {
    stepsPerEpoch,
    seed,
    batchSize: 2 * itemsPerBatch,
    size,
    items,
    batches,
    [Symbol.asyncIterator]: () => batches(),
  };
}

const KNOWN: readonly (keyof TwoViewSamplerOptions)[] = [
  'itemsPerBatch',
  'augment',
  'secondAugment',
  'stepsPerEpoch',
  'seed',
  'shuffle',
];

/** Items of both, one after the other. @throws `ERR_SHAPE` */
function stacked(first: Items<Float32Array>, second: Items<Float32Array>): Items<Float32Array> {
  const [count, ...item] = first.shape;
  if (item.join() !== second.shape.slice(1).join()) {
    const rule = `both views must have items of shape [${item.join(', ')}], as the first has`;
    throw failure('ERR_SHAPE', rule, second.shape.slice(1), 'Let both augmenters return one shape.');
  }
  const data = new Float32Array(2 * count! * itemSize(first.shape));
  data.set(first.data);
  data.set(second.data, data.length / 2);
  return { data, shape: [2 * count!, ...item] };
}

function checkBatch(itemsPerBatch: unknown, size: number): void {
  if (Number.isSafeInteger(itemsPerBatch) && (itemsPerBatch as number) >= 2 && (itemsPerBatch as number) <= size)
    return;
  const rule = `itemsPerBatch must be a whole number from 2 to the number of items, ${size}`;
  throw failure('ERR_OPTION', rule, itemsPerBatch, 'Say how many items a batch has two views of.');
}

function checkAugmenters(augmenters: Readonly<Record<string, unknown>>): void {
  for (const [name, augmenter] of Object.entries(augmenters)) {
    if (typeof augmenter === 'function') continue;
    throw failure(
      'ERR_OPTION',
      `${name} must be an augmenter`,
      augmenter,
      'Pass one of @simile/augmenters, or your own.',
    );
  }
}

function failure(code: 'ERR_OPTION' | 'ERR_SHAPE', rule: string, got: unknown, remedy: string): SimileError {
  return new SimileError({ where: ID, rule, got, remedy, code });
}
