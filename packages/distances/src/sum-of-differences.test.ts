import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { createRandom } from '@simile/core/random';
import {
  grads,
  memory,
  mul,
  setBackend,
  square,
  sum,
  tensor2d,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { squaredEuclidean } from './index.ts';
import { sumOfDifferences } from './sum-of-differences.ts';

beforeAll(() => setBackend('cpu'));

test('splits rows into blocks when all differences would be too many, and gets the same numbers', () => {
  const random = createRandom(3);
  const [n, m, d] = [5, 70_000, 32]; // 70,000 × 32 numbers a row: one row of differences a block
  const a = tensor2d(
    Float32Array.from({ length: n * d }, () => random.normal()),
    [n, d],
  );
  const b = tensor2d(
    Float32Array.from({ length: m * d }, () => random.normal()),
    [m, d],
  );
  const distances = squaredEuclidean()(a, b);
  const got = distances.dataSync();
  const [left, right] = [a.dataSync(), b.dataSync()];
  for (const [i, j] of [
    [0, 0],
    [1, 69_999],
    [4, 35_123],
    [2, 1],
    [3, 50_000],
  ] as const) {
    let wanted = 0;
    for (let k = 0; k < d; k++) wanted += (left[i * d + k]! - right[j * d + k]!) ** 2;
    expect(Math.abs(got[i * m + j]! - wanted)).toBeLessThan(1e-5 * wanted);
  }
  a.dispose();
  b.dispose();
  distances.dispose();
});

test('gradients of the parts below each other are those of the whole', () => {
  const random = createRandom(8);
  const [n, m, d] = [3, 66_000, 40];
  const a = tensor2d(
    Float32Array.from({ length: n * d }, () => random.normal()),
    [n, d],
  );
  const b = tensor2d(
    Float32Array.from({ length: m * d }, () => random.normal()),
    [m, d],
  );
  const term = { value: square, slope: (x: Tensor) => mul(x, 2) };
  const [byA, byB] = grads((x, y) => sum(sumOfDifferences(x as Tensor2D, y as Tensor2D, term)))([a, b]);
  const [left, right] = [a.dataSync(), b.dataSync()];
  // By a_ik: Σ_j 2 (a_ik − b_jk); by b_jk: Σ_i 2 (b_jk − a_ik).
  let wantedA = 0;
  for (let j = 0; j < m; j++) wantedA += 2 * (left[2 * d + 7]! - right[j * d + 7]!);
  expect(Math.abs(byA!.dataSync()[2 * d + 7]! - wantedA)).toBeLessThan(1e-5 * 2 * m);
  let wantedB = 0;
  for (let i = 0; i < n; i++) wantedB += 2 * (right[60_000 * d + 39]! - left[i * d + 39]!);
  expect(byB!.dataSync()[60_000 * d + 39]!).toBeCloseTo(wantedB, 4);
  for (const x of [a, b, byA!, byB!]) x.dispose();
  expect(memory().numTensors).toBe(0);
});
