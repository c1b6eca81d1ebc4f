import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** The parts of tfjs-backend-wasm's Emscripten module that we stand on. 4.22.0 has them all; an upgrade may not. */
export interface WasmModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(offset: number): void;
  readonly tfjs: {
    registerTensor(id: number, size: number, offset: number): void;
    disposeData(id: number): void;
  };
  /** Raw exports, in the builds without threads. */
  readonly asm?: { readonly memory?: unknown };
  /** The shared memory, in the threaded build. */
  readonly wasmMemory?: unknown;
}

/** The Emscripten module of a backend. */
export function wasmModuleOf(backend: BackendWasm): WasmModule {
  return backend.wasm as unknown as WasmModule;
}
