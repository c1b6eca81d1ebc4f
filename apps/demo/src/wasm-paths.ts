import type { WasmPaths } from '@simile/core/backend';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';

/** Where the files of the wasm backend are: in full, for tfjs fetches them from workers that have no address of their own. */
export function wasmPaths(): WasmPaths {
  const full = (path: string): string => new URL(path, self.location.href).href;
  return {
    'tfjs-backend-wasm.wasm': full(plain),
    'tfjs-backend-wasm-simd.wasm': full(simd),
    'tfjs-backend-wasm-threaded-simd.wasm': full(threadedSimd),
  };
}
