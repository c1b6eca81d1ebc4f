import { engine, findBackendFactory, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { SimileError } from '../errors.ts';
import { loadBackend, type BackendName, type LoadedBackend, type WasmPaths } from './load-backend.ts';
import { proveBackend, timeBackend } from './prove-backend.ts';
import { withLimit } from './with-limit.ts';

/** What came of one backend. */
export interface BackendTrial {
  readonly name: BackendName;
  /** It started and computed the known graph right. */
  readonly ok: boolean;
  /** Why not. */
  readonly reason?: string;
  /**
   * Time of one step of a small image model: 32 images of 28 × 28 through a convolution to 32 channels and a dense layer
   * of 64, gradients included when `training`. Where two images take over 50 ms, it is scaled up from
   * those, which is rather too much than too little.
   */
  readonly milliseconds?: number;
  /** What the GPU calls itself; a software one is told by its name, such as SwiftShader. */
  readonly device?: string;
}

/** What `selectBackend` settled on, and why. */
export interface BackendReport {
  /** Name of the backend in use, as tfjs knows it: `simile-wasm`, `webgl`, … */
  readonly chosen: string;
  /** The backend in use computes with WASM SIMD. */
  readonly simd: boolean;
  /** … and with relaxed SIMD, a fused multiply-add. */
  readonly relaxedSimd: boolean;
  /** Threads that the backend in use computes with; 1 for cpu and GPUs. */
  readonly threads: number;
  /** Gradients were proven, not outputs only. */
  readonly training: boolean;
  /** In the order they were tried. */
  readonly tried: readonly BackendTrial[];
}

/** A trial, and what it found when it went well. */
export interface TriedBackend {
  readonly trial: BackendTrial;
  readonly loaded?: LoadedBackend;
  readonly cause?: unknown;
}

/** What a trial is to do. */
export interface TryBackendOptions {
  readonly training: boolean;
  readonly wasmPaths?: WasmPaths | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the best backend so far needs for the timed step. */
  readonly rival?: number | undefined;
}

/** Shaders of the known graph may take seconds on a software GPU; a driver that hangs takes for ever. */
const LIMIT = 60_000;

/**
 * Loads, starts, proves and times one backend, and leaves it active when all went well. Never throws but `ERR_ABORTED`:
 * what went wrong is the reason in the trial.
 */
export async function tryBackend(
  name: BackendName,
  { training, wasmPaths, signal, rival }: TryBackendOptions,
): Promise<TriedBackend> {
  let device: { device: string } | undefined;
  const over = new AbortController();
  try {
    const loaded = await withLimit(loadBackend(name, wasmPaths), LIMIT, `loading ${name}`, signal);
    if (loaded.device) device = { device: loaded.device };
    await start(loaded.registered, signal);
    await withLimit(proveBackend(training), LIMIT, `the known graph on ${name}`, signal);
    const timed = timeBackend({ training, rival, signal: over.signal });
    const milliseconds = await withLimit(timed, LIMIT, `a step on ${name}`, signal);
    return { trial: { name, ok: true, milliseconds, ...device }, loaded };
  } catch (error) {
    if (SimileError.is(error) && error.code === 'ERR_ABORTED') throw error;
    return { trial: { name, ok: false, reason: reasonOf(error), ...device }, cause: error };
  } finally {
    over.abort();
  }
}

async function start(registered: string, signal: AbortSignal | undefined): Promise<void> {
  const factory = findBackendFactory(registered);
  if (!factory) throw new Error('tfjs does not offer it here');
  try {
    if (await withLimit(setBackend(registered), LIMIT, `starting ${registered}`, signal)) return;
  } catch (error) {
    forget(registered);
    throw error;
  }
  // tfjs has only logged why; its factory, asked once more, says it.
  await withLimit(Promise.resolve(factory()), LIMIT, `starting ${registered}`, signal);
  throw new Error('tfjs could not start it');
}

/** A start that never ends would make every later `ready()` of tfjs wait for it. */
function forget(registered: string): void {
  const entry = engine().registryFactory[registered];
  if (!entry || engine().registry[registered]) return;
  removeBackend(registered);
  registerBackend(registered, entry.factory, entry.priority);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${message}${cause}`.split('\n')[0]!;
}
