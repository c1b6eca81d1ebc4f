import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectClose, leaked, onEachBackend } from '../test/backends.ts';
import { fusedKernel } from './ops.ts';

const unitOf = (x: tf.Tensor): tf.Tensor | undefined => fusedKernel('SimileNormalize', { x }, {}, { least: 1e-24 });

onEachBackend((backend) => {
  it('is there where the backend has the kernel, and for float32 alone', () => {
    const unit = unitOf(tf.tensor2d([[3, 4]]));
    if (backend === 'cpu') expect(unit).toBeUndefined();
    else expectClose(unit!.dataSync(), [0.6, 0.8]);
    expect(unitOf(tf.tensor2d([[3, 4]], [1, 2], 'int32'))).toBeUndefined();
  });
});

describe('on simile-wasm', () => {
  it('has the gradient of its own kernel by each input, and leaves no tensor', () => {
    const [a, b] = [tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 2]])];
    const count = leaked(() => {
      const { value, grads } = tf.valueAndGrads((x, y) =>
        tf.sum(fusedKernel('SimileSquaredDifferences', { a: x!, b: y! })!),
      )([a, b]);
      expect(value.dataSync()[0]).toBe(5);
      expect(grads.map((gradient) => [...gradient.dataSync()])).toEqual([
        [2, -4],
        [-2, 4],
      ]);
      tf.dispose(grads);
      value.dispose();
      return 0;
    });
    expect(count).toBe(0);
  });

  it('gives constants to both kernels', () => {
    tf.registerKernel({
      kernelName: 'Scaled',
      backendName: 'simile-wasm',
      kernelFunc: ({ inputs }) => tf.mul(inputs['x'] as tf.Tensor, inputs['by'] as tf.Tensor),
    });
    tf.registerKernel({
      kernelName: 'ScaledGrad',
      backendName: 'simile-wasm',
      kernelFunc: ({ inputs }) => tf.mul(inputs['dy'] as tf.Tensor, inputs['by'] as tf.Tensor),
    });
    const by = tf.scalar(3);
    const gradient = tf.grad((x) => fusedKernel('Scaled', { x }, { by })!)(tf.tensor1d([1, 2]));
    expect([...gradient.dataSync()]).toEqual([3, 3]);
    for (const kernelName of ['Scaled', 'ScaledGrad']) tf.unregisterKernel(kernelName, 'simile-wasm');
  });
});
