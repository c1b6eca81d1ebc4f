import { SimileError } from '@simile/core/errors';
import { loadKernel, type KernelName } from '../kernel/load-kernel.ts';
import { flatBuilds } from './flat.wasm.ts';

type Scan = (...numbers: number[]) => void;
type Collect = (...numbers: number[]) => number;

/** What assembly/flat.ts exports. */
export interface FlatExports {
  readonly scanProducts: Scan;
  readonly scanDifferences: Scan;
  readonly collectProducts: Collect;
  readonly collectDifferences: Collect;
  readonly putRow: Scan;
  readonly peak: (rounds: number, seed: number) => number;
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
 * @throws `ERR_BACKEND` when the one asked for does not compile here
 */
export async function loadFlatKernel(kernel: KernelName | 'auto'): Promise<FlatKernel> {
  const none: FlatKernel = { name: 'scalar', module: undefined };
  if (kernel === 'scalar') return none;
  try {
    return await loadKernel('flat-engine', flatBuilds, { kernel });
  } catch (cause) {
    if (kernel === 'auto' && SimileError.is(cause)) return none;
    throw cause;
  }
}
