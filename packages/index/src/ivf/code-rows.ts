import { furnishRooms } from './furnish-rooms.ts';
import type { IvfModel } from './ivf-model.ts';
import type { IvfThreads } from './ivf-threads.ts';
import type { Pace } from './pace.ts';
import type { RowSource } from './row-source.ts';

const BLOCK = 512;
/** Rows that a thread takes at a time. */
const CHUNK = 128;

/** Rows as codes, not yet in any list. */
export interface CodedRows {
  /** Partition of each row. */
  readonly lists: Uint32Array;
  /** [count, codeBytes] */
  readonly codes: Uint8Array;
  readonly biases: Float32Array;
  /** Mean of |error|² of the codes. */
  readonly error: number;
  /** Least and largest bias. */
  readonly least: number;
  readonly most: number;
}

/** Codes rows by a model, on the threads of its memory. Nothing but scratch is written. @throws `ERR_ABORTED`, `ERR_MEMORY` */
export async function codeRows(
  model: IvfModel,
  { threads, rooms }: IvfThreads,
  source: RowSource,
  pace: Pace,
  onProgress: (done: number) => void,
): Promise<CodedRows> {
  const { memory, shape, layout, partitions } = model;
  const { stride, width, codeBytes } = shape;
  const { count } = source;
  const block = Math.min(count, threads.count > 1 ? BLOCK * 4 * threads.count : BLOCK);
  const sizes = [stride, stride, width, 1, codeBytes / 4, 1, 1].map((values) => Math.ceil(values * block * 4));
  const blocks: number[] = [];
  const result = {
    lists: new Uint32Array(count),
    codes: new Uint8Array(count * codeBytes),
    biases: new Float32Array(count),
  };
  let [error, least, most] = [0, Infinity, -Infinity];
  const free = furnishRooms(memory, rooms, shape, partitions);
  try {
    for (const bytes of sizes) blocks.push(memory.allocate(bytes));
    const [coded, residuals, raw, lists, codes, biases, errors] = blocks as [
      ...[number, number, number, number, number, number, number],
    ];
    const args = [layout, raw, stride, coded, residuals, model.centroids, lists, codes, biases, errors];
    for (let begin = 0; begin < count; begin += block) {
      const n = Math.min(block, count - begin);
      for (let i = 0; i < n; i++) source.write(begin + i, memory.views.f32, raw / 4 + i * width);
      await threads.run('codeMany', args, { count: n, chunk: CHUNK });
      const { views } = memory;
      result.lists.set(views.u32.subarray(lists / 4, lists / 4 + n), begin);
      result.codes.set(views.u8.subarray(codes, codes + n * codeBytes), begin * codeBytes);
      result.biases.set(views.f32.subarray(biases / 4, biases / 4 + n), begin);
      for (let i = 0; i < n; i++) {
        error += views.f32[errors / 4 + i]!;
        least = Math.min(least, result.biases[begin + i]!);
        most = Math.max(most, result.biases[begin + i]!);
      }
      onProgress(begin + n);
      await pace.pause();
    }
  } finally {
    blocks.forEach((at, i) => memory.free(at, sizes[i]!));
    free();
  }
  return { ...result, error: count > 0 ? error / count : 0, least, most };
}

/** Rows for each list. */
export function countLists({ lists }: CodedRows, partitions: number): Uint32Array {
  const counts = new Uint32Array(partitions);
  for (const list of lists) counts[list]!++;
  return counts;
}
