import { SimileError } from '@simile/core/errors';
import type { WasmOption } from '../kernel/kernel-source.ts';
import { loadKernel, type KernelName } from '../kernel/load-kernel.ts';
import { flatBuilds } from './flat.wasm.ts';

type Scan = (scan: number) => void;
type Collect = (scan: number, begin: number, end: number, limit: number, out: number) => number;

/** What assembly/flat.ts exports. */
export interface FlatExports {
  readonly scanCodes: Scan;
  readonly scanProducts: Scan;
  readonly scanDifferences: Scan;
  readonly scanLargest: Scan;
  readonly collectCodes: Collect;
  readonly collectProducts: Collect;
  readonly collectDifferences: Collect;
  readonly collectLargest: Collect;
  readonly encodeRows: (coding: number, slots: number, count: number) => void;
  readonly putRow: (groups: number, row: number, dimension: number, from: number) => void;
  readonly areFinite: (values: number, count: number) => number;
  readonly peakProducts: (rounds: number, seed: number) => number;
  readonly readMemory: (at: number, bytes: number) => number;
  readonly peakCodes: (rounds: number, seed: number) => number;
}

/** A compiled kernel, or none: `scalar` is no kernel at all, the same answers in plain JavaScript. */
export interface FlatKernel {
  readonly name: KernelName;
  /** Undefined for `scalar`. */
  readonly module: WebAssembly.Module | undefined;
}

/**
 * The best kernel of those that this host can run, or the one asked for.
 *
 * @throws `ERR_BACKEND` when the one asked for does not compile here; `ERR_FILE` and `ERR_OPTION` for what `wasm` names
 */
export async function loadFlatKernel(kernel: KernelName | 'auto', wasm?: WasmOption): Promise<FlatKernel> {
  const none: FlatKernel = { name: 'scalar', module: undefined };
  if (kernel === 'scalar') return none;
  try {
    return await loadKernel('flat-engine', flatBuilds, { kernel, wasm });
  } catch (cause) {
    if (kernel === 'auto' && SimileError.is(cause) && cause.code === 'ERR_BACKEND') return none;
    throw cause;
  }
}
