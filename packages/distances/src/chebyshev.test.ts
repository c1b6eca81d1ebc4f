import { testDistance } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { grads, setBackend, sum, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { chebyshev } from './chebyshev.ts';

testDistance(
  chebyshev,
  {
    oracle: (a, b) => a.reduce((largest, x, k) => Math.max(largest, Math.abs(x - b[k]!)), 0),
    worked: [
      // |3 − 0| = 3, |4 − 0| = 4; |3 − 1| = 2, |4 − 1| = 3
      {
        a: [
          [0, 0],
          [3, 4],
        ],
        distances: [
          [0, 4],
          [4, 0],
        ],
      },
      { a: [[3, 4]], b: [[1, 1]], distances: [[3]] },
    ],
    rotationInvariant: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('coordinates that share the largest difference share the gradient', async () => {
  await setBackend('cpu');
  const [byA, byB] = grads((a: Tensor, b: Tensor) => sum(chebyshev()(a as Tensor2D, b as Tensor2D)))([
    tensor2d([[2, -2, 1]]),
    tensor2d([[0, 0, 0]]),
  ]);
  expect([...byA!.dataSync()]).toEqual([0.5, -0.5, 0]);
  expect([...byB!.dataSync()]).toEqual([-0.5, 0.5, 0]);
});
