import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { version_wasm } from '@tensorflow/tfjs-backend-wasm';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { memoryOf } from './memory-of.ts';
import { registerWasmBackend } from './register-wasm-backend.ts';
import type { WasmReport } from './register-wasm-backend.ts';

const kernelsOf = (backend: string): Map<string, tf.KernelConfig> =>
  new Map(tf.getKernelsForBackend(backend).map((config) => [config.kernelName, { ...config }]));

const stockBefore = kernelsOf('wasm');
let report: WasmReport;
beforeAll(async () => {
  report = await registerWasmBackend();
});

test('reports what it found, and makes itself active where no backend had been chosen', async () => {
  expect(report).toEqual({
    simd: true,
    relaxedSimd: expect.any(Boolean),
    threads: 1,
    memory: 'shared-memory',
  });
  expect(tf.getBackend()).toBe('simile-wasm');
});

test('a second call changes nothing and returns the same report', async () => {
  await tf.setBackend('wasm');
  const ours = kernelsOf('simile-wasm');
  expect(await registerWasmBackend({ relaxedSimd: false })).toBe(report);
  expect(tf.getBackend()).toBe('wasm');
  for (const [name, config] of kernelsOf('simile-wasm')) expect(config.kernelFunc).toBe(ours.get(name)!.kernelFunc);
});

test('stock wasm keeps every kernel that it had, and gets none', () => {
  const after = kernelsOf('wasm');
  expect([...after.keys()].sort()).toEqual([...stockBefore.keys()].sort());
  for (const [name, config] of stockBefore) expect(after.get(name)).toEqual(config);
});

test('both names are one backend: tensors pass both ways without being moved', async () => {
  expect(tf.findBackend('simile-wasm')).toBe(tf.findBackend('wasm'));
  await tf.setBackend('wasm');
  const x = tf.tensor1d([1, -2, 3]);
  await tf.setBackend('simile-wasm');
  const y = tf.square(x);
  await tf.setBackend('wasm');
  expect([...tf.add(x, y).dataSync()]).toEqual([2, 2, 12]);
});

test('on stock wasm gradients stay those of tfjs, without a kernel of ours', async () => {
  await tf.setBackend('wasm');
  const run = tf.tidy(() => tf.grad((x) => tf.sum(tf.mul(tf.relu(tf.square(x)), 2)))(tf.tensor1d([1, -2])));
  expect([...run.dataSync()]).toEqual([4, -8]);
});

test('every kernel of the cpu backend is here, but those of complex numbers and of drawing', async () => {
  await import('@tensorflow/tfjs-backend-cpu');
  const ours = kernelsOf('simile-wasm');
  const missing = [...kernelsOf('cpu').keys()].filter((name) => !ours.has(name));
  expect(missing.sort()).toEqual(['Complex', 'ComplexAbs', 'Draw', 'FFT', 'IFFT', 'Imag', 'Real']);
});

test('a dtype that has no kernel says so', async () => {
  await tf.setBackend('simile-wasm');
  expect(() =>
    tf.tidy(() => tf.unsortedSegmentSum(tf.tensor1d([1, 2], 'int32'), tf.tensor1d([0, 1], 'int32'), 2)),
  ).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: simile-wasm: UnsortedSegmentSum computes in float32, but got x int32 [2], segmentIds int32 [2]. Cast the inputs, or run this part on tf.setBackend('cpu'). [ERR_DTYPE]]`,
  );
});

// This package stands on parts of tfjs-backend-wasm that are not its public interface. When this fails after an upgrade:
// check that memoryOf still finds the memory (src/memory-of.ts), that the module has _malloc, _free, tfjs.registerTensor and
// tfjs.disposeData (src/wasm-backend.ts), that the optimizers keep their state under the names in src/fused-adam.ts and
// src/fused-sgd.ts, and that isStockWrong (src/kernels/convolution-info.ts) is still true. Then raise the version here.
test('stands on tfjs-backend-wasm 4.22.0', () => {
  expect(version_wasm).toBe('4.22.0');
  expect(tf.version_core).toBe('4.22.0');
  const backend = tf.findBackend('simile-wasm') as BackendWasm;
  expect(memoryOf(backend)).toBeInstanceOf(WebAssembly.Memory);
});
