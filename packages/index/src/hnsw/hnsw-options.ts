import { checkInteger, checkNames, checkOneOf, SimileError } from '@simile/core/errors';
import type { WasmOption } from '../kernel/kernel-source.ts';
import type { KernelName } from '../kernel/load-kernel.ts';
import { PRECISIONS, type Precision } from './hnsw-layout.ts';

/** Options of `hnswEngine`. */
export interface HnswOptions {
  /** Links of a node on the levels above the lowest, where it has twice as many: 4 to 64. Default 24. */
  readonly M?: number;
  /** Nodes kept while the links of a new one are looked for; more make a better graph, slower. Default 128. */
  readonly efConstruction?: number;
  /** Nodes kept while a search runs: `effort`. Default 64. */
  readonly efSearch?: number;
  /** From 1: how much closer a linked node must be to a candidate to take its place, on squared distances. Default 1.1. */
  readonly alpha?: number;
  /** How rows are kept for the search: `f32`, `f16`, `i8`, `i4` or `binary`. Default `i4`. */
  readonly precision?: Precision;
  /** Whether float32 rows are kept, and the best found held against them. Without, distances are those of the codes. Default true. */
  readonly rerank?: boolean;
  /** Threads for batches of queries and for building, this one included; `auto` is one a core. Default 1. */
  readonly threads?: number | 'auto';
  /** Decides the levels of nodes. Default 0. */
  readonly seed?: number;
  /** Build of the kernel. Default `auto`: the best that runs. */
  readonly kernel?: KernelName | 'auto';
  /** The kernel's code. Default that in the package. */
  readonly wasm?: WasmOption;
  /** Script of the workers, for pages that allow none made from text. Default one from a text inside this package. */
  readonly workerUrl?: URL;
}

/** With defaults, checked. */
export type ReadHnswOptions = Required<Omit<HnswOptions, 'wasm' | 'workerUrl'>> &
  Pick<HnswOptions, 'wasm' | 'workerUrl'>;

const DEFAULTS = {
  M: 24,
  efConstruction: 128,
  efSearch: 64,
  alpha: 1.1,
  precision: 'i4',
  rerank: true,
  threads: 1,
  seed: 0,
  kernel: 'auto',
} as const;

/** @throws `ERR_OPTION` */
export function readHnswOptions(options: HnswOptions): ReadHnswOptions {
  const where = 'hnsw-engine';
  checkNames(where, options, [...Object.keys(DEFAULTS), 'wasm', 'workerUrl']);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const read = { ...DEFAULTS, ...given } as ReadHnswOptions;
  const { M, efConstruction, efSearch, alpha, precision, seed, kernel } = read;
  for (const [option, least, most] of [
    [{ M }, 4, 64],
    [{ efConstruction }, 8, 4096],
    [{ efSearch }, 1, 4096],
  ] as const) {
    checkInteger(where, option, least);
    const [[name, value]] = Object.entries(option) as [[string, number]];
    if (value > most) throw optionError(`${name} must be at most ${most}`, value);
  }
  checkInteger(where, { seed }, 0);
  if (!(alpha >= 1 && alpha <= 4)) throw optionError('alpha must be from 1 to 4', alpha);
  checkOneOf(where, { precision }, PRECISIONS);
  checkOneOf(where, { kernel }, ['auto', 'relaxed-simd', 'simd', 'scalar']);
  return read;
}

function optionError(rule: string, got: unknown, remedy = 'Leave it out for the default.'): SimileError {
  return new SimileError({ where: 'hnsw-engine', rule, got, remedy, code: 'ERR_OPTION' });
}
