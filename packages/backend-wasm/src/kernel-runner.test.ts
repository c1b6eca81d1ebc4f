import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { expectClose, numbers } from '../test/both-backends.ts';
import { copyingRunner, sharingRunner } from './kernel-runner.ts';
import type { KernelRunner } from './kernel-runner.ts';
import { convolution } from './kernels/convolution.ts';
import { matrixProduct } from './kernels/matrix-product.ts';
import { optimizers } from './kernels/optimizers.ts';
import { loadKernels } from './load-kernels.ts';
import { memoryOf } from './memory-of.ts';

let runners: Record<string, KernelRunner>;
beforeAll(async () => {
  await tf.setBackend('simile-wasm');
  const backend = tf.backend() as BackendWasm;
  const own = new WebAssembly.Memory({ initial: 1 });
  const theirs = memoryOf(backend)!;
  runners = {
    'shared, relaxed SIMD': sharingRunner(backend, await loadKernels(theirs, true)),
    'shared, plain SIMD': sharingRunner(backend, await loadKernels(theirs, false)),
    'copied, relaxed SIMD': copyingRunner(backend, await loadKernels(own, true), own),
    'copied, plain SIMD': copyingRunner(backend, await loadKernels(own, false), own),
  };
});

const read = (tensor: tf.TensorInfo): Float32Array => tf.backend().readSync(tensor.dataId) as Float32Array;

for (const name of ['shared, relaxed SIMD', 'shared, plain SIMD', 'copied, relaxed SIMD', 'copied, plain SIMD']) {
  test(`${name}: products, convolution gradients and updates in place are right`, () => {
    const runner = runners[name]!;
    const a = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const b = tf.tensor2d([1, 0, 0, 1, 1, 1], [3, 2]);
    const product = matrixProduct(runner)['BatchMatMul']!({ a, b }, { transposeA: false, transposeB: false });
    expect([...read(product as tf.TensorInfo)]).toEqual([4, 5, 10, 11]);

    // A 1 × 1 filter makes the gradients matrix products: dx = dy · filterᵀ, dfilter = xᵀ · dy.
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 1, 2]);
    const dy = tf.tensor4d([1, 0, 2, -1], [1, 2, 1, 2]);
    const filter = tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2]);
    const attrs = { strides: 1, pad: 'valid', dataFormat: 'NHWC' };
    const gradients = convolution(runner);
    const dx = gradients['Conv2DBackpropInput']!({ dy, filter }, { ...attrs, inputShape: x.shape });
    const dw = gradients['Conv2DBackpropFilter']!({ x, dy }, { ...attrs, filterShape: filter.shape });
    expect([...read(dx as tf.TensorInfo)]).toEqual([1, 3, 0, 2]);
    expect([...read(dw as tf.TensorInfo)]).toEqual([7, -3, 10, -4]);

    const weights = tf.tensor1d(numbers(9, 1));
    const gradient = tf.tensor1d(numbers(9, 2));
    optimizers(runner)['SimileDescend']!({ weights, gradient }, { rate: 0.5 });
    const before = numbers(9, 1);
    expectClose(
      weights.dataSync(),
      numbers(9, 2).map((g, i) => before[i]! - 0.5 * g),
      1e-7,
    );
  });
}

test('memory that grows during a kernel changes nothing: 300 MB beyond what the backend began with', async () => {
  const runner = runners['shared, plain SIMD']!;
  const ones = tf.ones([1024, 1024]);
  const held = Array.from({ length: 70 }, () => tf.add(ones, 1)); // 4 MB each
  const product = matrixProduct(runner)['BatchMatMul']!({ a: held[0]!, b: held[69]! }, {}) as tf.TensorInfo;
  expect(read(product).subarray(0, 3)).toEqual(Float32Array.of(4096, 4096, 4096));
  runner.backend.disposeData(product.dataId);
  tf.dispose([ones, ...held]);
});
