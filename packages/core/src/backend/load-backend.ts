import { withLimit } from './with-limit.ts';

/** Backends that Simile chooses among. `wasm` is ours, which trains; tfjs knows it as `simile-wasm`. */
export type BackendName = 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** Where the `.wasm` files of `@tensorflow/tfjs-backend-wasm` are: a folder's address ending in `/`, or one a file. */
export type WasmPaths =
  | string
  | {
      readonly 'tfjs-backend-wasm.wasm'?: string;
      readonly 'tfjs-backend-wasm-simd.wasm'?: string;
      readonly 'tfjs-backend-wasm-threaded-simd.wasm'?: string;
    };

/** A backend that is registered with tfjs, not yet started. */
export interface LoadedBackend {
  /** Its name in tfjs. */
  readonly registered: string;
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  readonly threads: number;
  /** What a GPU calls itself, where it tells. */
  readonly device?: string;
}

/** A driver that hangs does so here, before a shader is compiled. */
const ADAPTER_LIMIT = 5_000;

/**
 * Loads the package of a backend, which registers it with tfjs. Each package is imported by its literal name, inside a
 * `try`, so that bundlers find it and do not insist on it.
 *
 * @throws an `Error` whose message is the reason.
 */
export function loadBackend(name: BackendName, wasmPaths: WasmPaths | undefined): Promise<LoadedBackend> {
  return { webgpu: loadWebgpu, webgl: loadWebgl, wasm: () => loadWasm(wasmPaths), cpu: loadCpu }[name]();
}

async function loadWebgpu(): Promise<LoadedBackend> {
  const device = await webgpuDevice();
  try {
    await import('@tensorflow/tfjs-backend-webgpu');
  } catch (cause) {
    throw notLoaded('@tensorflow/tfjs-backend-webgpu', cause);
  }
  return { registered: 'webgpu', simd: false, relaxedSimd: false, threads: 1, ...(device && { device }) };
}

async function loadWebgl(): Promise<LoadedBackend> {
  const device = webglDevice();
  try {
    await import('@tensorflow/tfjs-backend-webgl');
  } catch (cause) {
    throw notLoaded('@tensorflow/tfjs-backend-webgl', cause);
  }
  return { registered: 'webgl', simd: false, relaxedSimd: false, threads: 1, ...(device && { device }) };
}

async function loadWasm(wasmPaths: WasmPaths | undefined): Promise<LoadedBackend> {
  let backendWasm;
  try {
    backendWasm = await import('@simile/backend-wasm');
  } catch (cause) {
    throw notLoaded('@simile/backend-wasm and @tensorflow/tfjs-backend-wasm', cause);
  }
  const { simd, relaxedSimd, threads } = await backendWasm.registerWasmBackend(wasmPaths ? { wasmPaths } : {});
  return { registered: 'simile-wasm', simd, relaxedSimd, threads };
}

async function loadCpu(): Promise<LoadedBackend> {
  try {
    await import('@tensorflow/tfjs-backend-cpu');
  } catch (cause) {
    throw notLoaded('@tensorflow/tfjs-backend-cpu', cause);
  }
  return { registered: 'cpu', simd: false, relaxedSimd: false, threads: 1 };
}

function notLoaded(packages: string, cause: unknown): Error {
  return new Error(`${packages} could not be loaded; is it installed?`, { cause });
}

interface Adapter {
  readonly info?: { readonly vendor?: string; readonly architecture?: string; readonly description?: string };
}

/** tfjs fails on a missing adapter with a TypeError, and waits for ever on one that hangs; so ask first. */
async function webgpuDevice(): Promise<string | undefined> {
  const { gpu } = (globalThis.navigator ?? {}) as {
    gpu?: { requestAdapter(options: object): Promise<Adapter | null> };
  };
  if (!gpu) throw new Error('there is no WebGPU here');
  const adapter = await withLimit(
    gpu.requestAdapter({ powerPreference: 'high-performance' }),
    ADAPTER_LIMIT,
    'the WebGPU adapter',
  );
  if (!adapter) throw new Error('WebGPU has no adapter here');
  const { vendor, architecture, description } = adapter.info ?? {};
  return description || [vendor, architecture].filter(Boolean).join(' ') || undefined;
}

/** tfjs takes WebGL 2 only from a canvas, and gives no reason when there is none. */
function webglDevice(): string | undefined {
  const canvas =
    typeof OffscreenCanvas === 'undefined' ? globalThis.document?.createElement('canvas') : new OffscreenCanvas(1, 1);
  const gl = canvas?.getContext('webgl2') as WebGL2RenderingContext | null | undefined;
  if (!gl) throw new Error(canvas ? 'WebGL 2 is switched off or has no driver' : 'there is no WebGL here');
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const device = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER) ?? '');
  // Browsers hold few contexts at a time; this one has told what it can.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return device || undefined;
}
