import { SimileError } from '@simile/core/errors';
import { nodeModule } from '@simile/core/platform';

/** A kernel's code: compiled, as bytes, or where to get it. */
export type WasmSource = WebAssembly.Module | Uint8Array | ArrayBuffer | Response | URL | string;

/**
 * Where an engine takes its kernel from. Default: bytes inside the package, which every bundler and host can carry.
 *
 * - A `WebAssembly.Module`, for hosts that compile ahead and nowhere else. It runs on one thread: its memory is not shared.
 * - Bytes, a `Response`, or an address: `file:` in Node, anything `fetch` takes elsewhere.
 * - A function of the file's name, `hnsw.simd.wasm`, for engines with several kernels and hosts with several abilities.
 *   The files are in the package, at `@simile/index/wasm/…`.
 */
export type WasmOption =
  | WasmSource
  | Promise<WasmSource>
  | ((file: string) => WasmSource | Promise<WasmSource>)
  | undefined;

/** Module or bytes of what an option names. @throws `ERR_FILE` when it cannot be read */
export async function readKernelSource(
  where: string,
  wasm: NonNullable<WasmOption>,
  file: string,
): Promise<WebAssembly.Module | Uint8Array<ArrayBuffer>> {
  const source = await (typeof wasm === 'function' ? wasm(file) : wasm);
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Uint8Array) return Uint8Array.from(source); // a copy: a declaration in it may change
  if (typeof source === 'string' || source instanceof URL) return fetchBytes(where, String(source));
  if (typeof (source as Response | undefined)?.arrayBuffer === 'function') return responseBytes(where, source);
  throw new SimileError({
    where,
    rule: 'wasm must be a module, bytes, a response or an address',
    got: source,
    remedy: 'Leave wasm out to use the bytes inside the package.',
    code: 'ERR_OPTION',
  });
}

async function fetchBytes(where: string, address: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const files = address.startsWith('file:')
      ? nodeModule<typeof import('node:fs/promises')>('node:fs/promises')
      : undefined;
    if (files) return Uint8Array.from(await files.readFile(new URL(address)));
    return await responseBytes(where, await fetch(address));
  } catch (cause) {
    if (SimileError.is(cause)) throw cause;
    throw unreadable(where, address, cause);
  }
}

async function responseBytes(where: string, response: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.ok) throw unreadable(where, `status ${response.status} ${response.url}`.trim());
  return new Uint8Array(await response.arrayBuffer());
}

function unreadable(where: string, got: string, cause?: unknown): SimileError {
  const remedy = 'Serve the file there, or leave wasm out to use the bytes inside the package.';
  return new SimileError({ where, rule: 'wasm must be there to be read', got, remedy, code: 'ERR_FILE', cause });
}
