import { defaultClientConditions, defineConfig, type Plugin, type UserConfig } from 'vite';
import { digitsPlugin } from './digits-plugin.ts';

// Shared memory, and with it wasm threads, exists only on pages isolated by these.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** tfjs starts its wasm threads from a function's text, in which a minified outer name means nothing. */
const wasmThreads = (): Plugin => ({
  name: 'tfjs-wasm-threads',
  transform: (code, id) =>
    id.includes('tfjs-backend-wasm-threaded-simd.js')
      ? code.replace(/\b_scriptDir\b(?! *=)/g, '(undefined)')
      : undefined,
});

const config: UserConfig = defineConfig({
  base: './',
  plugins: [wasmThreads(), digitsPlugin()],
  // Our packages straight from their sources: nothing needs building first but the wasm kernels.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  worker: { format: 'es', plugins: () => [wasmThreads()] },
  build: { target: 'es2022', chunkSizeWarningLimit: 2000 },
  server: { headers },
  preview: { headers },
});
export default config;
