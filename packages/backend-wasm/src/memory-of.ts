import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { wasmModuleOf } from './wasm-backend.ts';

/**
 * The linear memory that holds the tensors of `backend`, or undefined when this version of tfjs-backend-wasm hides it.
 * It stays the same object when it grows. 4.22.0 exports it in its plain and SIMD builds and imports it in the threaded one.
 */
export function memoryOf(backend: BackendWasm): WebAssembly.Memory | undefined {
  const { asm, wasmMemory, HEAPU8 } = wasmModuleOf(backend);
  return [asm?.memory, wasmMemory].find(
    (memory): memory is WebAssembly.Memory => memory instanceof WebAssembly.Memory && memory.buffer === HEAPU8.buffer,
  );
}
