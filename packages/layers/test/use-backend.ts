import { selectBackend } from '@simile/core/backend';
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

/** Makes tfjs compute on cpu, or on wasm with Simile's kernels. */
export async function useBackend(name: 'cpu' | 'wasm'): Promise<void> {
  await setBackend(name === 'cpu' ? 'cpu' : (await selectBackend({ prefer: 'wasm' })).chosen);
}
