import { testDistance } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { chebyshev, euclidean, innerProduct, manhattan, minkowski, snr, squaredEuclidean } from './index.ts';

beforeAll(() => setBackend('cpu'));

const unit = (row: readonly number[]): number[] => {
  const length = Math.hypot(...row);
  return row.map((x) => (length <= 1e-12 ? 0 : x / length));
};

testDistance(
  () => euclidean({ normalize: true }),
  {
    oracle: (a, b) => {
      const [u, v] = [unit(a), unit(b)];
      return Math.hypot(...u.map((x, k) => x - v[k]!));
    },
    // (3, 4)/5 and (0, 1): √(0.6² + 0.2²) = √0.4
    worked: [{ a: [[3, 4]], b: [[0, 2]], distances: [[Math.sqrt(0.4)]] }],
    scaleInvariant: true,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

// (0.6, 0.8) and (1, 0): differences −0.4 and 0.8, product 0.6; means 0.7 and 0.5, variance of the first 0.01, of the difference 0.36.
test.each([
  [euclidean({ normalize: true }), Math.sqrt(0.8)],
  [squaredEuclidean({ normalize: true }), 0.8],
  [manhattan({ normalize: true }), 1.2],
  [chebyshev({ normalize: true }), 0.8],
  [minkowski({ normalize: true }), (0.4 ** 3 + 0.8 ** 3) ** (1 / 3)],
  [innerProduct({ normalize: true }), -0.6],
  [snr({ normalize: true }), 36],
])('divides rows by their length: %s', (distance, wanted) => {
  expect(distance.name).toMatch(/^normalized-/);
  expect(distance.metric).toMatch(/^normalized-/);
  const got = distance(tensor2d([[3, 4]]), tensor2d([[7, 0]])).dataSync()[0]!;
  expect(Math.abs(got / wanted - 1)).toBeLessThan(2e-5);
});

test('leaves rows alone without it, and takes nothing else', () => {
  expect(euclidean({ normalize: false }).name).toBe('euclidean');
  // @ts-expect-error not true or false
  expect(() => euclidean({ normalize: 'l2' })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: euclidean: normalize must be one of true, false, but got 'l2'. Leave normalize out to use the default. [ERR_OPTION]]`,
  );
  // @ts-expect-error no such option
  expect(() => manhattan({ p: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: manhattan: options are normalize, but got 'p'. Check the spelling. [ERR_OPTION]]`,
  );
});
