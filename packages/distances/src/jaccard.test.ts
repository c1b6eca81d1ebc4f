import { testDistance } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { jaccard } from './jaccard.ts';

/** Union and intersection of signed weights: those of opposite sign have nothing in common. */
function oracle(a: readonly number[], b: readonly number[]): number {
  let [both, either] = [0, 0];
  a.forEach((x, k) => {
    const y = b[k]!;
    if (x * y > 0) {
      both += Math.min(Math.abs(x), Math.abs(y));
      either += Math.max(Math.abs(x), Math.abs(y));
    } else either += Math.abs(x) + Math.abs(y);
  });
  return either === 0 ? 0 : 1 - both / either;
}

testDistance(
  jaccard,
  {
    oracle,
    worked: [
      // {0, 1, 2} and {1, 2}: 2 of 3 in both. With {3}: none of 4, none of 3.
      {
        a: [
          [1, 1, 1, 0],
          [0, 1, 1, 0],
          [0, 0, 0, 1],
        ],
        distances: [
          [0, 1 / 3, 1],
          [1 / 3, 0, 1],
          [1, 1, 0],
        ],
      },
      // Weights: Σ min = 1 + 2, Σ max = 3 + 4
      { a: [[1, 4]], b: [[3, 2]], distances: [[4 / 7]] },
    ],
    rotationInvariant: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('puts two empty sets at 0, and an empty one at 1 from any other', async () => {
  await setBackend('cpu');
  const a = tensor2d([
    [0, 0],
    [0, 1],
  ]);
  expect(jaccard()(a).arraySync()).toEqual([
    [0, 1],
    [1, 0],
  ]);
});
