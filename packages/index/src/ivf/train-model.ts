import type { Random } from '@simile/core/random';
import type { Kernel } from '../kernel/load-kernel.ts';
import { roundUp, WORDS } from './ivf-layout.ts';
import { IvfModel } from './ivf-model.ts';
import { IvfMemory } from './ivf-memory.ts';
import type { IvfRows } from './ivf-rows.ts';
import type { Pace } from './pace.ts';
import type { RowSource } from './row-source.ts';

/** Rounds on a small sample, and on a larger one then: rows a partition, and rows in all where there are many partitions. */
const STAGES = [
  { rowsEach: 32, most: 65_536, rounds: 6 },
  { rowsEach: 128, most: 262_144, rounds: 5 },
] as const;

/** Rows to learn from in a stage. */
function sampleSize(stage: (typeof STAGES)[number], partitions: number): number {
  return Math.min(partitions * stage.rowsEach, Math.max(stage.most, partitions * 8));
}

/** Residuals that the words of subspaces are learnt from, and rounds. */
const WORD_ROWS = 16384;
const WORD_ROUNDS = 10;
const BLOCK = 512;

/** What a model is trained with. */
export interface TrainOptions {
  readonly partitions: number;
  readonly parallelWeight: number;
  readonly random: Random;
  readonly pace: Pace;
  readonly kernel: Kernel;
}

/**
 * Learns centroids by Lloyd's way, on a small sample first and on a larger one then, and the words of each subspace from what rows
 * differ from their centroids by: in a memory of its own, which goes afterwards.
 */
export async function trainModel(rows: IvfRows, source: RowSource, options: TrainOptions): Promise<IvfModel> {
  const { random, pace, partitions, kernel } = options;
  const count = Math.min(source.count, Math.max(sampleSize(STAGES[1], partitions), 4096));
  const chosen = Uint32Array.from(random.choose(count, source.count));
  const { shape } = rows;
  const { stride, width } = shape;
  const memory = new IvfMemory(kernel);
  const model = new IvfModel(rows, memory, partitions, options.parallelWeight);
  const sample = memory.allocate(count * stride * 4);
  const lists = memory.allocate(count * 4);
  const work = {
    short: memory.allocate(roundUp(width, 16) * 2),
    keys: memory.allocate(roundUp(partitions, 16) * 4),
    sums: memory.allocate(partitions * width * 4),
    counts: memory.allocate(partitions * 4),
    raw: memory.allocate(stride * 4),
    words: memory.allocate(WORDS * 4 * (shape.subspaceSize + 2)),
  };
  const { exports, views } = memory; // nothing is allocated from here on
  setMeanAndScale(model, source, chosen, work.raw);
  for (let i = 0; i < count; i++) {
    source.write(chosen[i]!, views.f32, work.raw / 4);
    exports.transformRows(model.layout, work.raw, 1, sample + i * stride * 4, stride);
    if (i % BLOCK === 0) await pace.pause();
  }
  const assign = async (some: number): Promise<void> => {
    for (let i = 0; i < some; i += BLOCK) {
      const n = Math.min(BLOCK, some - i);
      exports.assign(model.layout, sample + i * stride * 4, n, stride, work.short, work.keys, lists + i * 4);
      await pace.pause();
    }
  };
  for (let c = 0; c < partitions; c++) seed(model, sample, c, c % count);
  model.pack();
  for (const stage of STAGES) {
    const some = Math.min(count, sampleSize(stage, partitions));
    for (let round = 0; round < stage.rounds; round++) {
      await assign(some);
      moveCentroids(model, sample, some, lists, work, random);
      model.pack();
    }
  }
  const some = Math.min(count, WORD_ROWS);
  await assign(some);
  exports.subtractCentroids(model.layout, sample, some, stride, lists, model.centroids, sample);
  await learnWords(model, sample, some, work.words, pace);
  const result = new IvfModel(rows, rows.memory, partitions, options.parallelWeight);
  result.copy(model);
  return result;
}

/** Mean of the sample, and the scale that gives its rows a length of 1 on average; for cosine rows have it as they are. */
function setMeanAndScale(model: IvfModel, source: RowSource, chosen: Uint32Array, raw: number): void {
  const { memory, shape } = model;
  if (shape.metric === 0) return;
  const { dimension, metric } = shape;
  const sums = new Float64Array(dimension);
  let squares = 0;
  for (const i of chosen) {
    source.write(i, memory.views.f32, raw / 4);
    const row = memory.views.f32.subarray(raw / 4, raw / 4 + dimension);
    const shift = metric === 3 ? row.reduce((sum, value) => sum + value, 0) / dimension : 0;
    for (let j = 0; j < dimension; j++) {
      const value = row[j]! - shift;
      sums[j]! += value;
      squares += value * value;
    }
  }
  const mean = sums.map((sum) => (metric === 1 ? 0 : sum / chosen.length));
  const spread = squares / chosen.length - mean.reduce((sum, value) => sum + value * value, 0);
  memory.views.f32.set(mean, model.mean / 4);
  model.setScale(spread > 1e-70 ? Math.min(1e35, 1 / Math.sqrt(spread)) : 1);
}

/** Puts a centroid on a row of the sample. */
function seed(model: IvfModel, sample: number, centroid: number, row: number): void {
  const { width, stride } = model.shape;
  const from = sample / 4 + row * stride;
  model.memory.views.f32.copyWithin(model.centroids / 4 + centroid * width, from, from + width);
}

/** Each centroid to the mean of its rows; one without rows to some row. */
function moveCentroids(
  model: IvfModel,
  sample: number,
  some: number,
  lists: number,
  { sums, counts }: { readonly sums: number; readonly counts: number },
  random: Random,
): void {
  const { memory, partitions } = model;
  const { width, stride } = model.shape;
  const { f32, u32 } = memory.views;
  f32.fill(0, sums / 4, sums / 4 + partitions * width);
  u32.fill(0, counts / 4, counts / 4 + partitions);
  memory.exports.addUp(sample, some, stride, width, lists, sums, counts);
  for (let c = 0; c < partitions; c++) {
    const held = u32[counts / 4 + c]!;
    if (held === 0) {
      seed(model, sample, c, random.integer(some));
      continue;
    }
    const to = model.centroids / 4 + c * width;
    for (let j = 0; j < width; j++) f32[to + j] = f32[sums / 4 + c * width + j]! / held;
  }
}

/** Words of each subspace, from residuals that lie where the sample did. */
async function learnWords(model: IvfModel, residuals: number, count: number, room: number, pace: Pace): Promise<void> {
  const { memory, shape } = model;
  const { stride, subspaces, subspaceSize } = shape;
  for (let m = 0; m < subspaces; m++) {
    const first = m * subspaceSize;
    const words = model.codebooks + first * WORDS * 4;
    const { f32 } = memory.views;
    for (let word = 0; word < WORDS; word++) {
      const row = Math.floor((word * count) / WORDS);
      for (let j = 0; j < subspaceSize; j++) {
        f32[words / 4 + j * WORDS + word] = f32[residuals / 4 + row * stride + first + j]!;
      }
    }
    memory.exports.trainWords(model.layout, residuals + first * 4, count, stride, words, WORD_ROUNDS, room);
    await pace.pause();
  }
}
