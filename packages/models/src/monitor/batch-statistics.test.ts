import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { batchStatistics } from './batch-statistics.ts';

beforeAll(() => setBackend('cpu'));

/** Every figure by its name. */
function figures(rows: number[][]): Record<string, number> {
  const [labels, embeddings] = [tensor1d([0]), tensor2d(rows)];
  const tensors = memory().numTensors;
  const found = batchStatistics.map((metric) => {
    const value = metric(labels, embeddings);
    const [number] = value.dataSync();
    value.dispose();
    return [metric.name, number!];
  });
  expect(memory().numTensors).toBe(tensors);
  return Object.fromEntries(found) as Record<string, number>;
}

test('by hand: four corners of a square around (3, 4)', () => {
  // Each is √2 from the mean: Σ‖x − mean‖² = 8. Σ‖x‖² = 8 + 4 · 25 = 108. Distances: four of 2, two of √8, so mean square (16 + 16) / 6.
  const { spread, rms_distance, flat_dimensions } = figures([
    [2, 3],
    [4, 3],
    [2, 5],
    [4, 5],
  ]);
  expect(spread).toBeCloseTo(Math.sqrt(8 / 108), 6);
  expect(rms_distance).toBeCloseTo(Math.sqrt(32 / 6), 6);
  expect(flat_dimensions).toBe(0);
});

test('against plain loops over rows of chance', () => {
  let state = 7;
  const chance = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  // The second dimension deviates two hundred times less than the others.
  const rows = Array.from({ length: 9 }, () => [chance(), chance() / 200, chance() - 3]);
  const { spread, rms_distance, flat_dimensions } = figures(rows);
  let [squares, pairs, lengths, around] = [0, 0, 0, 0];
  const mean = [0, 1, 2].map((k) => rows.reduce((total, row) => total + row[k]!, 0) / rows.length);
  rows.forEach((a, i) => {
    lengths += a.reduce((total, x) => total + x * x, 0);
    around += a.reduce((total, x, k) => total + (x - mean[k]!) ** 2, 0);
    rows.slice(i + 1).forEach((b) => {
      squares += a.reduce((total, x, k) => total + (x - b[k]!) ** 2, 0);
      pairs++;
    });
  });
  expect(spread).toBeCloseTo(Math.sqrt(around / lengths), 5);
  expect(rms_distance).toBeCloseTo(Math.sqrt(squares / pairs), 5);
  expect(flat_dimensions).toBeCloseTo(1 / 3, 6);
});

test('rows that are alike, zeros, and one row alone', () => {
  expect(
    figures([
      [1, 2],
      [1, 2],
    ]),
  ).toEqual({ spread: 0, rms_distance: 0, flat_dimensions: 1 });
  expect(
    figures([
      [0, 0],
      [0, 0],
    ]),
  ).toEqual({ spread: 0, rms_distance: 0, flat_dimensions: 1 });
  expect(figures([[3, 4]])).toEqual({ spread: 0, rms_distance: 0, flat_dimensions: 1 });
});
