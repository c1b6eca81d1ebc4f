import { checkNames, checkOneOf } from '@simile/core/errors';
import { vectorDistance, type DistanceName } from '@simile/distances/vectors';
import type { SearchEngineFactory } from '../contract.ts';
import type { WasmOption } from '../kernel/kernel-source.ts';
import type { KernelName } from '../kernel/load-kernel.ts';
import { CodeRows } from './code-rows.ts';
import { codeKind } from './code-scoring.ts';
import { loadFlatKernel } from './flat-kernel.ts';
import { FlatSearchEngine } from './flat-search-engine.ts';
import { FLAT_KIND, FLAT_VERSION } from './flat-state.ts';
import { PlainRows } from './plain-rows.ts';
import { ValueRows } from './value-rows.ts';
import { valueScoring } from './value-scoring.ts';

/** Options of {@link flatEngine}. */
export interface FlatEngineOptions {
  /** Build of the kernel: `relaxed-simd`, `simd`, `scalar` (plain JavaScript). Default `auto`: the first of them that runs. */
  readonly kernel?: KernelName | 'auto';
  /**
   * What a search reads of every row: its `f32` values, or `i8` codes of them beside the values, a quarter as many bytes, by a
   * quarter more memory. The answers are the same. Default `i8` from 16 dimensions on where the metric is one of products:
   * `angular`, `cosine`, `euclidean`, `inner-product`, `snr`, `squared-euclidean`; others have no codes.
   */
  readonly precision?: 'f32' | 'i8';
  /** The kernel's code. Default that in the package. */
  readonly wasm?: WasmOption;
}

/** Below this many dimensions, codes save too little of a row to pay for what they need beside. */
const CODED_FROM = 16;

/**
 * Exact search: every row is looked at. A WASM SIMD kernel goes over int8 codes of the rows, many queries at a time; a bound on
 * what the codes leave out says which rows can be among the `k` closest, and for those the distance is worked out anew in
 * float64 by `vectorDistance`. So the answer is that of a plain loop, bit for bit, and is the same with every kernel. Metrics
 * without a kernel (`jaccard`, `minkowski-3`) are compared row by row in JavaScript.
 *
 * Cost: O(rows · dimension) a query. Memory: 5 bytes a value and 12 a row with codes, 4 and 8 without, up to 4 GiB.
 *
 * @returns An engine for `createIndex`
 * @throws `ERR_OPTION` for an unknown metric or option; `ERR_BACKEND` when the kernel asked for does not compile here. The
 *   engine throws `ERR_MEMORY` when rows do not fit, before it takes any; `ERR_FILE` for a state that is damaged.
 * @example
 * const index = createIndex({ engine: flatEngine({ kernel: 'scalar' }) });
 * await index.add({ data: Float32Array.of(0, 1, 1, 0), shape: [2, 2] });
 * index.describe().engine; // 'flat (scalar)'
 */
export function flatEngine(options: FlatEngineOptions = {}): SearchEngineFactory {
  const { kernel = 'auto', precision, wasm } = options;
  checkNames('flat-engine', options, ['kernel', 'precision', 'wasm']);
  checkOneOf('flat-engine', { kernel }, ['auto', 'relaxed-simd', 'simd', 'scalar']);
  if (precision !== undefined) checkOneOf('flat-engine', { precision }, ['f32', 'i8']);
  const hasCodes = (metric: string, dimension: number): boolean =>
    codeKind(metric) !== undefined && (precision ?? (dimension < CODED_FROM ? 'f32' : 'i8')) === 'i8';

  const make: SearchEngineFactory = async (engineOptions) => {
    const { dimension, metric, restore, slots } = engineOptions;
    const distance = vectorDistance(metric as DistanceName); // refuses an unknown metric
    const scoring = valueScoring(metric);
    const { name, module } = await loadFlatKernel(scoring ? kernel : 'scalar', wasm);
    const makeStore = () => {
      if (!module || !scoring) return new PlainRows(dimension);
      return hasCodes(metric, dimension)
        ? new CodeRows(dimension, metric, module)
        : new ValueRows(dimension, metric, scoring, module);
    };
    const engine = new FlatSearchEngine(engineOptions, module ? `wasm ${name}` : 'scalar', makeStore, distance);
    if (restore?.kind === FLAT_KIND && restore.version === FLAT_VERSION) await engine.restore(restore, slots);
    return engine;
  };
  // As for a host with SIMD, unless another was asked for.
  const estimateBytes: SearchEngineFactory['estimateBytes'] = ({ count, dimension, metric }) => {
    const isPlain = kernel === 'scalar' || !valueScoring(metric);
    const rows = isPlain ? PlainRows : hasCodes(metric, dimension) ? CodeRows : ValueRows;
    return Math.ceil(rows.estimate(count, dimension));
  };
  return Object.assign(make, { estimateBytes });
}
