import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { selectBackend } from '@simile/core/backend';
import { grad, memory, mul, sum, tensor1d, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { entriesAt } from './entries-at.ts';

describe.each(['cpu', 'wasm'] as const)('entriesAt on %s', (backend) => {
  const matrix = (): Tensor2D =>
    tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]);

  test('reads entries in any order and number, and adds up what pulls on each', async () => {
    await selectBackend({ prefer: backend });
    const places = Int32Array.of(5, 0, 5, 4);
    expect([...entriesAt(matrix(), places).dataSync()]).toEqual([6, 1, 6, 5]);
    const weights = tensor1d([1, 10, 100, 1000]);
    const slopes = grad((x: Tensor) => sum(mul(entriesAt(x as Tensor2D, places), weights)))(matrix());
    expect(slopes.shape).toEqual([2, 3]);
    expect([...slopes.dataSync()]).toEqual([10, 0, 0, 0, 1000, 101]);
  });

  test('leaves one tensor', async () => {
    await selectBackend({ prefer: backend });
    const x = matrix();
    const before = memory().numTensors;
    entriesAt(x, Int32Array.of(1)).dispose();
    grad((y: Tensor) => sum(entriesAt(y as Tensor2D, Int32Array.of(1, 1))))(x).dispose();
    expect(memory().numTensors).toBe(before);
  });
});
