import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { registerWasmBackend } from '@simile/backend-wasm';
import { standingsOn, type Standings } from './standings.ts';

/** Standings on the backends of Node. */
export async function nodeStandings(): Promise<Standings> {
  await registerWasmBackend();
  return standingsOn(['cpu', 'wasm', 'simile-wasm']);
}
