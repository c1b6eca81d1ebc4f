import '@tensorflow/tfjs-layers';
import { selectBackend } from '@simile/core/backend';
import { grad, mul, sum, tensor1d, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { entriesAt } from './entries-at.ts';

test.each(['webgl', 'webgpu'] as const)('reads entries and adds up what pulls on each, on %s', async (backend) => {
  await selectBackend({ prefer: backend });
  const matrix = tensor2d([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const places = Int32Array.of(5, 0, 5, 4);
  expect([...(await entriesAt(matrix, places).data())]).toEqual([6, 1, 6, 5]);
  const weights = tensor1d([1, 10, 100, 1000]);
  const slopes = grad((x: Tensor) => sum(mul(entriesAt(x as Tensor2D, places), weights)))(matrix);
  expect([...(await slopes.data())]).toEqual([10, 0, 0, 0, 1000, 101]);
});
