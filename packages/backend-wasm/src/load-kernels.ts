import type { KernelExports } from './kernel-exports.ts';

const builds = {
  simd: () => import('./wasm/kernels-simd.wasm.ts'),
  'simd-shared': () => import('./wasm/kernels-simd-shared.wasm.ts'),
  'relaxed-simd': () => import('./wasm/kernels-relaxed-simd.wasm.ts'),
  'relaxed-simd-shared': () => import('./wasm/kernels-relaxed-simd-shared.wasm.ts'),
};

/** Instantiates the build that fits on `memory`: one that imports a shared memory refuses any other, and the reverse. */
export async function loadKernels(memory: WebAssembly.Memory, relaxedSimd: boolean): Promise<KernelExports> {
  const shared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
  const { kernels } = await builds[`${relaxedSimd ? 'relaxed-simd' : 'simd'}${shared ? '-shared' : ''}`]();
  const bytes = Uint8Array.from(atob(kernels), (character) => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return instance.exports as unknown as KernelExports;
}
