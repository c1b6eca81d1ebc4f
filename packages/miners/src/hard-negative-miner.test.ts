import { multiLabel, pairMatrix, predicate } from '@simile/core';
import { createRandom } from '@simile/core/random';
import { createIndex } from '@simile/index';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { hardNegativeMiner, type HardNegativeMinerOptions } from './hard-negative-miner.ts';
import type { DatasetLabels } from './rows-belong.ts';

beforeAll(() => setBackend('cpu'));

const items = (rows: readonly (readonly number[])[]) => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]!.length],
});
const mine = async (
  rows: readonly (readonly number[])[],
  labels: DatasetLabels,
  options: Partial<HardNegativeMinerOptions> = {},
): Promise<string[]> => {
  const index = createIndex({ metric: 'euclidean' });
  const { anchors, positives, negatives } = await hardNegativeMiner({ index, ...options })(items(rows), labels);
  return Array.from(anchors, (a, t) => `${a} ${positives[t]} ${negatives[t]}`);
};
const line = [[0], [1], [3], [9]];

describe('hardNegativeMiner', () => {
  test('finds the nearest row of another class, and a row of the own', async () => {
    expect(await mine(line, ['a', 'a', 'b', 'b'])).toEqual(['0 1 2', '1 0 2', '2 3 1', '3 2 1']);
  });

  test('gives several negatives, nearest first, and passes over as many as told', async () => {
    // From 0 the others are at 3 and 9, from 1 at 2 and 8, from 3 at 2 and 3, from 9 at 8 and 9.
    const both = ['0 1 2', '0 1 3', '1 0 2', '1 0 3', '2 3 1', '2 3 0', '3 2 1', '3 2 0'];
    expect(await mine(line, [0, 0, 1, 1], { negatives: 2 })).toEqual(both);
    expect(await mine(line, [0, 0, 1, 1], { skip: 1 })).toEqual(both.filter((_, at) => at % 2 === 1));
  });

  test('leaves out rows without a class-mate or without a stranger', async () => {
    expect(await mine(line, [0, 0, 0, 5])).toEqual(
      expect.arrayContaining(['2 0 3'].map(() => expect.stringMatching(/ 3$/))),
    );
    expect((await mine(line, [0, 0, 0, 5])).length).toBe(3);
    expect(await mine(line, [4, 4, 4, 4])).toEqual([]);
    expect(await mine(line, [1, 2, 3, 4])).toEqual([]);
  });

  test('takes every form of labels', async () => {
    const wanted = ['0 1 2', '1 0 2', '2 3 1', '3 2 1'];
    const same = [
      [-1, 1, 0, 0],
      [1, -1, 0, 0],
      [0, 0, -1, 1],
      [0, 0, 1, -1],
    ];
    const oneHot = [
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ];
    const forms: DatasetLabels[] = [
      Int32Array.of(7, 7, 2, 2),
      tensor1d([7, 7, 2, 2], 'int32'),
      tensor2d([[7], [7], [2], [2]]),
      multiLabel(tensor2d(oneHot)),
      pairMatrix(tensor2d(same)),
      predicate([0.1, 0.2, 5, 6], (a, b) => Math.abs(a - b) <= 1),
    ];
    for (const labels of forms) expect(await mine(line, labels)).toEqual(wanted);
    // A pair that is neither is neither.
    const neither = predicate([0, 1, 2, 3], (a, b) => (a === 1 || b === 1 ? undefined : a + b < 3 || a + b > 4));
    expect(await mine(line, neither)).toEqual(['0 2 3', '3 2 0']);
  });

  test('agrees with a look at every pair, however few neighbours it begins with', async () => {
    const random = createRandom(12);
    // Rows of a class lie together, so the first neighbours are class-mates.
    const labels = Array.from({ length: 90 }, (_, i) => i % 3);
    const rows = labels.map((label) => [random.normal(4 * label), random.normal(), random.normal()]);
    const float = rows.map((row) => row.map(Math.fround));
    const distance = (a: number[], b: number[]): number => Math.hypot(...a.map((x, k) => x - b[k]!));
    for (const k of [1, 32]) {
      const index = createIndex({ metric: 'euclidean' });
      const found = await hardNegativeMiner({ index, k, negatives: 3, seed: 4 })(items(rows), labels);
      expect(found.kind).toBe('triplets');
      expect(found.anchors.length).toBe(270);
      float.forEach((row, a) => {
        const near = labels.flatMap((label, j) => (label === labels[a] ? [] : [j]));
        near.sort((i, j) => distance(row, float[i]!) - distance(row, float[j]!));
        expect([...found.anchors.subarray(3 * a, 3 * a + 3)]).toEqual([a, a, a]);
        expect([...found.negatives.subarray(3 * a, 3 * a + 3)]).toEqual(near.slice(0, 3));
      });
      expect(
        [...found.positives].every((p, t) => p !== found.anchors[t] && labels[p] === labels[found.anchors[t]!]),
      ).toBe(true);
      expect(new Set(found.positives).size).toBeGreaterThan(60);
    }
  });

  test('says what is wrong', async () => {
    // @ts-expect-error an index is needed
    expect(() => hardNegativeMiner({})).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hard-negative-miner: index must be an index, with add and search. Pass createIndex() of @simile/index. [ERR_OPTION]]`,
    );
    // @ts-expect-error it can be searched, but nothing can be added
    expect(() => hardNegativeMiner({ index: { search: () => [] } })).toThrow(
      'index must be an index, with add and search',
    );
    expect(() => hardNegativeMiner({ index: createIndex(), negatives: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hard-negative-miner: negatives must be a whole number of at least 1, but got 0. Leave negatives out to use the default. [ERR_OPTION]]`,
    );
    await expect(mine(line, [0, 1])).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hard-negative-miner: labels must be one a row of embeddings, 4, but got 2. Pass labels and embeddings of the same rows. [ERR_SHAPE]]`,
    );
    await expect(mine(line, pairMatrix(tensor2d([[1], [1], [0], [0]])))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hard-negative-miner: a pair matrix must have as many columns as rows, 4, but got 1. Pass labels and embeddings of the same rows. [ERR_SHAPE]]`,
    );
    const index = createIndex({ dimension: 1 });
    await index.add(Float32Array.of(1));
    await expect(mine(line, [0, 0, 1, 1], { index })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hard-negative-miner: the index must be empty, for the rows are added under their numbers, but got '1 records'. Make a new index, or clear() this one. [ERR_STATE]]`,
    );
    const signal = AbortSignal.abort();
    await expect(mine(line, [0, 0, 1, 1], { signal })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hard-negative-miner: the work was cancelled by its signal. What was finished before is kept; call again to go on. [ERR_ABORTED]]`,
    );
  });
});
