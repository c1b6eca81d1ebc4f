import { checkInteger, checkNames, checkOneOf, checkRange, SimileError } from '@simile/core/errors';
import type { WasmOption } from '../kernel/kernel-source.ts';
import type { KernelName } from '../kernel/load-kernel.ts';

/** Options of `ivfEngine`. */
export interface IvfOptions {
  /** Lists that rows are dealt to, by the centroid that is closest: 1 to 65,536. Default 2.2·√rows, above 95,000 rows rows^¾ / 8, at least 32 rows each. */
  readonly partitions?: number;
  /** Lists that a search looks at: `effort`. Default so many that about .95 of the closest 10 are found on word embeddings. */
  readonly probes?: number;
  /** Values of a subspace, which four bits stand for: 1 to 16. Default 2, above 300 dimensions 4. */
  readonly subspaceSize?: number;
  /**
   * How much more an error along a row counts than one across it, as the threshold T of the paper: from 0 (not at all) to 0.9. For
   * `cosine` and `inner-product`; others count all errors alike. Default .2.
   */
  readonly anisotropic?: number;
  /** Rows found by their codes that are held against int8 rows. Default 4 to 16 for each neighbour, more with more probes. */
  readonly rerank?: number;
  /** Decides which rows are learnt from. Default 0. */
  readonly seed?: number;
  /** Threads for batches of queries and for learning, this one included; `auto` is one a core. Default 1. */
  readonly threads?: number | 'auto';
  /** Build of the kernel. Default `auto`: the best that runs. */
  readonly kernel?: KernelName | 'auto';
  /** The kernel's code. Default that in the package. */
  readonly wasm?: WasmOption;
  /** Script of the workers, for pages that allow none made from text. Default one from a text inside this package. */
  readonly workerUrl?: URL;
}

/** With defaults, checked. */
export interface ReadIvfOptions extends IvfOptions {
  readonly anisotropic: number;
  readonly seed: number;
  readonly threads: number | 'auto';
  readonly kernel: KernelName | 'auto';
}

const NAMES = [
  'partitions',
  'probes',
  'subspaceSize',
  'anisotropic',
  'rerank',
  'seed',
  'threads',
  'kernel',
  'wasm',
  'workerUrl',
];

/** @throws `ERR_OPTION` */
export function readIvfOptions(options: IvfOptions): ReadIvfOptions {
  const where = 'ivf-engine';
  checkNames(where, options, NAMES);
  const { anisotropic = 0.2, seed = 0, threads = 1, kernel = 'auto' } = options;
  checkRange(where, { anisotropic }, 0, 0.9);
  checkInteger(where, { seed }, 0);
  checkOneOf(where, { kernel }, ['auto', 'relaxed-simd', 'simd', 'scalar']);
  for (const name of ['partitions', 'probes', 'rerank', 'subspaceSize'] as const) {
    const most = name === 'subspaceSize' ? 16 : 65_536;
    if (options[name] !== undefined) checkWhole({ [name]: options[name] }, most);
  }
  return { ...options, anisotropic, seed, threads, kernel };
}

/** Each value must be a whole number from 1 to `most`. */
function checkWhole(options: Readonly<Record<string, number>>, most: number): void {
  checkInteger('ivf-engine', options, 1);
  for (const [name, got] of Object.entries(options)) {
    if (got > most) {
      const rule = `${name} must be at most ${most}`;
      throw new SimileError({
        where: 'ivf-engine',
        rule,
        got,
        remedy: 'Leave it out for the default.',
        code: 'ERR_OPTION',
      });
    }
  }
}

/** Values of a subspace, for rows of a dimension: long rows have more codes than they need. */
export function defaultSubspaceSize(dimension: number): number {
  return dimension > 300 ? 4 : 2;
}

/** Lists for so many rows. */
export function defaultPartitions(rows: number): number {
  return Math.max(1, Math.round(Math.min(Math.max(2.2 * Math.sqrt(rows), rows ** 0.75 / 8), rows / 32, 65_536)));
}

/** Lists to look at, of so many. */
export function defaultProbes(partitions: number): number {
  return Math.min(partitions, Math.ceil(4 + partitions / 19));
}

/** Rows to hold against int8 rows, for `k` neighbours found in `probes` lists. */
export function defaultRerank(k: number, probes: number): number {
  return Math.ceil(k * Math.min(16, 3.5 + probes / 18)) + 8;
}

/** Weight of the error along a row beyond that across it, for rows of length 1: (d − 1)·T²/(1 − T²) − 1, 0 at least. */
export function parallelWeight(anisotropic: number, dimension: number, metric: string): number {
  if (metric !== 'cosine' && metric !== 'inner-product') return 0;
  const square = anisotropic * anisotropic;
  return Math.max(0, ((dimension - 1) * square) / (1 - square) - 1);
}
