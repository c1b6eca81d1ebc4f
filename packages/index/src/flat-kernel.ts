import { SimileError } from '@simile/core/errors';
import { flatRelaxedSimd } from './flat-relaxed-simd.wasm.ts';
import { flatSimd } from './flat-simd.wasm.ts';

/** Which build of the kernel runs: `scalar` is no kernel at all, the same answers in plain JavaScript. */
export type FlatKernelName = 'relaxed-simd' | 'simd' | 'scalar';

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

/** A compiled kernel, to be instantiated on any number of memories. */
export interface FlatKernel {
  readonly name: FlatKernelName;
  /** Undefined for `scalar`. */
  readonly module: WebAssembly.Module | undefined;
}

// Compiled once a process: `relaxed-simd` and `simd` builds that ran.
const compiled = new Map<FlatKernelName, Promise<WebAssembly.Module | undefined>>();

/**
 * The best kernel of those that this host can run, or the one asked for.
 *
 * @throws `ERR_BACKEND` when the one asked for does not compile here
 */
export async function loadFlatKernel(wanted: FlatKernelName | 'auto'): Promise<FlatKernel> {
  const order: readonly FlatKernelName[] = wanted === 'auto' ? ['relaxed-simd', 'simd', 'scalar'] : [wanted];
  for (const name of order) {
    if (name === 'scalar') return { name, module: undefined };
    let found = compiled.get(name);
    if (!found) compiled.set(name, (found = compile(name)));
    const module = await found;
    if (module) return { name, module };
  }
  throw new SimileError({
    where: 'flat-engine',
    rule: `kernel ${wanted} must be one that this host can compile`,
    got: wanted,
    remedy: "Leave kernel out: 'auto' takes the best there is.",
    code: 'ERR_BACKEND',
  });
}

async function compile(name: 'relaxed-simd' | 'simd'): Promise<WebAssembly.Module | undefined> {
  const base64 = name === 'simd' ? flatSimd : flatRelaxedSimd;
  try {
    return await WebAssembly.compile(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  } catch {
    return undefined; // no WebAssembly, no SIMD, or not this kind
  }
}
