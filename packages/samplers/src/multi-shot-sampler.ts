import type { Augmenter, Batch, Sampler } from '@simile/core';
import type { LabelledItems } from '@simile/core/items';
import type { Tensor, Tensor1D } from '@simile/core/ops';
import { checkClasses, checkCounts, checkData, checkFlips, checkOptions, checkSlice } from './checks.ts';
import { gatherFloats } from './gather-floats.ts';
import { groupRows } from './group-rows.ts';
import { multiShotStream } from './multi-shot-stream.ts';
import { toTensors } from './to-tensors.ts';

const ID = 'multi-shot-sampler';

/** A class whose examples are those of another, turned over. */
export interface FlippedClass {
  /** Class whose examples are turned over; it stays a class itself. */
  readonly from: number;
  /** `'horizontal'` swaps left and right, `'vertical'` top and bottom. */
  readonly flip: 'horizontal' | 'vertical';
}

/** Options of {@link multiShotSampler}. */
export interface MultiShotSamplerOptions {
  /** Different classes in a batch; a whole number above 0, at most the number of classes. */
  classesPerBatch: number;
  /** Different examples of each of these classes in a batch; a whole number above 0. Default 2. */
  examplesPerClass?: number;
  /** Class ids to draw from; all others stay out. Their order is that of `sampler.classes`. Default all, ascending. */
  classes?: readonly number[];
  /** Classes made by turning images over; their ids follow the largest label of the data, in this order. Default none. */
  flippedClasses?: readonly FlippedClass[];
  /** Uses only the first so many examples of each class, in the order of the data. Default all. */
  totalExamplesPerClass?: number;
  /** Batches that make an epoch. Default 1000. */
  stepsPerEpoch?: number;
  /** Any number; the same seed gives the same batches. Default 0. */
  seed?: number;
  /** Changes every batch before it becomes tensors. Gets a stream of random numbers of its own for each step. Default none. */
  augment?: Augmenter;
  /** False takes the examples of each class in the order of the data. The classes are random either way. Default true. */
  shuffle?: boolean;
  /** What becomes of a class with fewer than `examplesPerClass` examples: an error, repeated examples, or left out. Default `'error'`. */
  onShortClass?: 'error' | 'repeat' | 'drop';
}

/** What {@link multiShotSampler} makes. */
export interface MultiShotSampler extends Sampler {
  /** Class ids that batches are drawn from, flipped classes last. */
  readonly classes: readonly number[];
  /** Examples of each class in use. */
  readonly counts: ReadonlyMap<number, number>;
  /** Rows in a batch: `classesPerBatch * examplesPerClass`. */
  readonly batchSize: number;
  /** Examples in use, without the flipped ones: the rows of {@link MultiShotSampler.slice}. */
  readonly size: number;
  /** Batches from step `from` on (default 0): the same as a stream from 0 gives there. The caller owns the tensors. */
  batches(from?: number): AsyncGenerator<Batch, void, void>;
  /** The same batches as plain data, for a worker or another library. */
  items(from?: number): Generator<LabelledItems<Float32Array>, void, void>;
  /**
   * `size` examples from position `begin` on (default: all that follow), in the order of the data, restricted to the
   * classes in use, neither flipped nor augmented. The caller owns the tensors.
   */
  slice(begin?: number, size?: number): { x: Tensor; labels: Tensor1D };
}

/**
 * Balanced batches: `classesPerBatch` different classes, drawn anew for each batch, and `examplesPerClass` examples of
 * each, class after class. Every example of a class comes once before any comes again, across batches and epochs.
 *
 * | tensor   | shape                   | dtype   | values                                       |
 * | -------- | ----------------------- | ------- | -------------------------------------------- |
 * | `x`      | `[n, ...shape of item]` | float32 | those of the data, not scaled, or `augment`'s |
 * | `labels` | `[n]`                   | int32   | class ids                                    |
 *
 * The stream has no end; each `for await` starts it again from the seed. `sampler.batches(step)` goes on where another
 * run stopped. Data is read, never written, and not copied.
 *
 * Cost: the data is looked through once (float32: for NaN); a batch of 84 MNIST images takes about 0.2 ms without
 * `augment`; starting at step 10,000 takes about 60 ms.
 *
 * @throws `ERR_DATA` for no data, a NaN (with its row), a class that is missing or too small (with both counts);
 *   `ERR_SHAPE` when data and labels disagree, or `augment` returns another number of items; `ERR_OPTION`.
 * @see Musgrave, Belongie & Lim, “A Metric Learning Reality Check”, ECCV 2020, section 4 (batches of c classes × m
 *   examples): https://arxiv.org/abs/2003.08505
 * @example
 * const x = { data: new Uint8Array([10, 11, 20, 21, 30, 31]), shape: [6, 1] };
 * const sampler = multiShotSampler({ x, labels: new Int32Array([1, 1, 2, 2, 3, 3]) }, { classesPerBatch: 3 });
 * for await (const batch of sampler) {
 *   batch.x.shape; // [6, 1]
 *   batch.labels; // 1, 2 and 3, twice each
 *   break;
 * }
 */
export function multiShotSampler(data: LabelledItems, options: MultiShotSamplerOptions): MultiShotSampler {
  checkOptions(ID, options);
  const { classesPerBatch, examplesPerClass = 2, stepsPerEpoch = 1000, seed = 0, shuffle = true } = options;
  const { classes, flippedClasses = [], totalExamplesPerClass = Infinity, augment, onShortClass = 'error' } = options;
  checkData(ID, data);
  const { x, labels } = data;
  const rowsOf = groupRows(labels, totalExamplesPerClass);
  const chosen = classes ?? [...rowsOf.keys()].sort((a, b) => a - b);
  checkClasses(ID, chosen, rowsOf);
  checkFlips(ID, flippedClasses, chosen, x.shape);

  const largest = labels.reduce((most, label) => Math.max(most, label));
  const drawn = [
    ...chosen.map((id) => ({ id, rows: rowsOf.get(id)!, flip: undefined })),
    ...flippedClasses.map(({ from, flip }, i) => ({ id: largest + 1 + i, rows: rowsOf.get(from)!, flip })),
  ].filter(({ rows }) => rows.length >= examplesPerClass || onShortClass !== 'drop');
  checkCounts(ID, drawn, { classesPerBatch, examplesPerClass, onShortClass });
  const rowsInUse = Int32Array.from(drawn.flatMap(({ rows, flip }) => (flip ? [] : [...rows]))).sort();

  const stream = { classesPerBatch, examplesPerClass, seed, shuffle, augment };
  const items = (from = 0) => multiShotStream(x, drawn, { ...stream, from });
  async function* batches(from = 0): AsyncGenerator<Batch, void, void> {
    for (const batch of items(from)) yield toTensors(batch);
  }

  return {
    stepsPerEpoch,
    seed,
    batchSize: classesPerBatch * examplesPerClass,
    size: rowsInUse.length,
    classes: drawn.map(({ id }) => id),
    counts: new Map(drawn.map(({ id, rows }) => [id, rows.length])),
    items,
    batches,
    [Symbol.asyncIterator]: () => batches(),
    slice: (begin = 0, count = rowsInUse.length - begin) => {
      checkSlice(ID, begin, count, rowsInUse.length);
      const rows = rowsInUse.subarray(begin, begin + count);
      const taken = { x: gatherFloats(x, rows), labels: Int32Array.from(rows, (row) => labels[row]!) };
      return toTensors(taken);
    },
  };
}
