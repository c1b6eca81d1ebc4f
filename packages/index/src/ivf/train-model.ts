import type { Random } from '@simile/core/random';
import type { ThreadedKernel } from '../workers/kernel-threads.ts';
import { furnishRooms } from './furnish-rooms.ts';
import { IvfModel } from './ivf-model.ts';
import { IvfMemory } from './ivf-memory.ts';
import type { IvfRows } from './ivf-rows.ts';
import { ivfThreads, type IvfThreads } from './ivf-threads.ts';
import { learnWords } from './learn-words.ts';
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

/** Residuals that the words of subspaces are learnt from. */
const WORD_ROWS = 16384;
const BLOCK = 512;
/** Rows that a thread takes at a time. */
const CHUNK = 128;

/** What a model is trained with. */
export interface TrainOptions {
  readonly partitions: number;
  readonly parallelWeight: number;
  readonly random: Random;
  readonly pace: Pace;
  readonly kernel: ThreadedKernel;
}

/**
 * Learns centroids by Lloyd's way, on a small sample first and on a larger one then, and the words of each subspace from what rows
 * differ from their centroids by: in a memory of its own, which goes afterwards.
 */
export async function trainModel(rows: IvfRows, source: RowSource, options: TrainOptions): Promise<IvfModel> {
  const { partitions, parallelWeight, kernel } = options;
  const memory = new IvfMemory(kernel);
  const crew = ivfThreads(memory, kernel);
  try {
    const model = new IvfModel(rows, memory, partitions, parallelWeight);
    await learn(model, crew, source, options);
    const result = new IvfModel(rows, rows.memory, partitions, parallelWeight);
    result.copy(model);
    return result;
  } finally {
    await crew.threads.close();
  }
}

/** Learns a model in a memory that is its own. */
async function learn(
  model: IvfModel,
  { threads, rooms }: IvfThreads,
  source: RowSource,
  { random, pace, partitions }: TrainOptions,
): Promise<void> {
  const { memory, shape, layout } = model;
  const { stride, width } = shape;
  const count = Math.min(source.count, Math.max(sampleSize(STAGES[1], partitions), 4096));
  const chosen = Uint32Array.from(random.choose(count, source.count));
  furnishRooms(memory, rooms, shape, partitions);
  const sample = memory.allocate(count * stride * 4);
  const lists = memory.allocate(count * 4);
  const work = { sums: memory.allocate(partitions * width * 4), counts: memory.allocate(partitions * 4) };
  const raw = memory.allocate(stride * 4);
  const { exports, views } = memory; // nothing is allocated from here on
  setMeanAndScale(model, source, chosen, raw);
  for (let i = 0; i < count; i++) {
    source.write(chosen[i]!, views.f32, raw / 4);
    exports.transformRows(layout, raw, 1, sample + i * stride * 4, stride);
    if (i % BLOCK === 0) await pace.pause();
  }
  const block = threads.count > 1 ? BLOCK * 4 * threads.count : BLOCK;
  const assign = async (some: number): Promise<void> => {
    for (let i = 0; i < some; i += block) {
      const args = [layout, sample + i * stride * 4, stride, lists + i * 4];
      await threads.run('assignMany', args, { count: Math.min(block, some - i), chunk: CHUNK });
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
  exports.subtractCentroids(layout, sample, some, stride, lists, model.centroids, sample);
  await learnWords(model, threads, sample, some, pace);
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
