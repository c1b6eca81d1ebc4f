import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { expect, test } from 'vitest';
import { cases, losses } from '../test/models.ts';
import { fusedAdam } from './fused-adam.ts';
import { registerWasmBackend } from './register-wasm-backend.ts';

test('trains in an isolated page, on the shared memory of the threaded build, as cpu does', async () => {
  expect(globalThis.crossOriginIsolated).toBe(true);
  const report = await registerWasmBackend({
    wasmPaths: {
      'tfjs-backend-wasm.wasm': plain,
      'tfjs-backend-wasm-simd.wasm': simd,
      'tfjs-backend-wasm-threaded-simd.wasm': threaded,
    },
  });
  expect(report).toMatchObject({ simd: true, memory: 'shared-memory' });
  const { wasm } = tf.findBackend('simile-wasm') as unknown as { wasm: { wasmMemory: WebAssembly.Memory } };
  expect(wasm.wasmMemory.buffer).toBeInstanceOf(SharedArrayBuffer);
  for (const name of ['dense', 'convolution, pooling and batch normalisation', 'depthwise']) {
    await tf.setBackend('cpu');
    const wanted = losses(cases[name]!, fusedAdam());
    await tf.setBackend('simile-wasm');
    const got = losses(cases[name]!, fusedAdam());
    for (const [i, value] of wanted.entries()) expect(Math.abs(got[i]! / value - 1), name).toBeLessThan(1e-4);
  }
});
