import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { env, findBackend, getBackend, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import { backendError } from './backend-error.ts';
import { captureMemory } from './capture-memory.ts';
import { detectRelaxedSimd } from './detect-relaxed-simd.ts';
import { copyingRunner, sharingRunner } from './kernel-runner.ts';
import type { KernelRunner } from './kernel-runner.ts';
import { loadKernels } from './load-kernels.ts';
import { memoryOf } from './memory-of.ts';
import { BACKEND_NAME, registerKernels } from './register-kernels.ts';

/** Options of {@link registerWasmBackend}. */
export interface RegisterWasmBackendOptions {
  /**
   * Where the `.wasm` files of `@tensorflow/tfjs-backend-wasm` are: the address of their folder, ending in `/`, or one
   * address for each file. Default: beside the package in Node; elsewhere what `setWasmPaths` was told.
   */
  wasmPaths?: Parameters<typeof setWasmPaths>[0];
  /** Relaxed SIMD: `'auto'` uses it where the engine has it, about a fifth faster; `false` never. Default `'auto'`. */
  relaxedSimd?: 'auto' | false;
}

/** What {@link registerWasmBackend} found. */
export interface WasmReport {
  /** Whether stock wasm runs its SIMD build; ours needs SIMD, so always true. */
  readonly simd: boolean;
  /** Whether our kernels multiply and add in one operation. */
  readonly relaxedSimd: boolean;
  /** Threads that stock's kernels use; ours use one. */
  readonly threads: number;
  /** `'shared-memory'`: our kernels work on stock's tensors where they lie. `'copied'`: tensors are copied at each call. */
  readonly memory: 'shared-memory' | 'copied';
}

let registered: Promise<WasmReport> | undefined;

/**
 * Starts the wasm backend of TensorFlow.js and registers it a second time, as `simile-wasm`: the same tensors, with
 * kernels of ours where stock has none (it cannot train convolutions) or slow ones. Stock `wasm` stays as it is, and a
 * tensor made on either is at home on both.
 *
 * The active backend stays active; where none had been chosen yet, `simile-wasm` becomes it. A second call returns the
 * report of the first.
 *
 * @throws `ERR_BACKEND` if stock wasm does not start or the engine has no SIMD.
 * @example
 * const { threads, memory } = await registerWasmBackend();
 * await tf.setBackend('simile-wasm');
 */
export function registerWasmBackend(options: RegisterWasmBackendOptions = {}): Promise<WasmReport> {
  registered ??= register(options).catch((error: unknown) => {
    registered = undefined; // so that a call with better options can succeed
    throw error;
  });
  return registered;
}

async function register({ wasmPaths, relaxedSimd = 'auto' }: RegisterWasmBackendOptions): Promise<WasmReport> {
  if (!(await env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw backendError({
      where: BACKEND_NAME,
      rule: 'the engine must support WebAssembly SIMD',
      remedy: 'Use a browser of the last four years or Node 20.19, or choose another backend.',
      code: 'ERR_BACKEND',
    });
  }
  const previous = getBackend() as string | null;
  if (wasmPaths !== undefined) setWasmPaths(wasmPaths);
  const { result: backend, memory: captured } = await captureMemory(startStock);
  const relaxed = relaxedSimd === 'auto' && detectRelaxedSimd();
  const memory = memoryOf(backend) ?? captured;
  registerKernels(await makeRunner(backend, memory, relaxed));
  registerBackend(BACKEND_NAME, () => backend, 0);
  await setBackend(previous ?? BACKEND_NAME);
  return {
    simd: true,
    relaxedSimd: relaxed,
    threads: Math.max(1, getThreadsCount()),
    memory: memory ? 'shared-memory' : 'copied',
  };
}

async function startStock(): Promise<BackendWasm> {
  let cause: unknown;
  const started = await setBackend('wasm').catch((error: unknown) => {
    cause = error;
    return false;
  });
  if (started) return findBackend('wasm') as BackendWasm;
  throw backendError({
    where: BACKEND_NAME,
    rule: 'the wasm backend of TensorFlow.js must start, and it did not',
    remedy:
      'In a browser, pass wasmPaths: the address of the folder with the .wasm files of @tensorflow/tfjs-backend-wasm; the console says which file it looked for.',
    code: 'ERR_BACKEND',
    cause,
  });
}

async function makeRunner(
  backend: BackendWasm,
  memory: WebAssembly.Memory | undefined,
  relaxed: boolean,
): Promise<KernelRunner> {
  if (memory) return sharingRunner(backend, await loadKernels(memory, relaxed));
  const own = new WebAssembly.Memory({ initial: 16 });
  return copyingRunner(backend, await loadKernels(own, relaxed), own);
}
