import { checkNames, checkOneOf } from '@simile/core/errors';
import { vectorDistance, type DistanceName } from '@simile/distances/vectors';
import type { SearchEngineFactory } from '../contract.ts';
import { loadFlatKernel } from './flat-kernel.ts';
import type { KernelName } from '../kernel/load-kernel.ts';
import { flatScoring } from './flat-scoring.ts';
import { FlatSearchEngine } from './flat-search-engine.ts';

/** Options of {@link flatEngine}. */
export interface FlatEngineOptions {
  /** Build of the kernel: `relaxed-simd`, `simd`, `scalar` (plain JavaScript). Default `auto`: the first of them that runs. */
  readonly kernel?: KernelName | 'auto';
}

/**
 * Exact search: every row is looked at. A WASM SIMD kernel scores rows in float32, many queries at a time; a bound on its
 * rounding error says which rows can be among the `k` closest, and for those the distance is worked out anew in float64
 * by `vectorDistance`. So the answer is that of a plain loop, bit for bit, and is the same with every kernel.
 *
 * Cost: O(rows · dimension) a query. Memory: 4 bytes a value and 8 a row, up to 4 GiB.
 *
 * @returns An engine for `createIndex`
 * @throws `ERR_OPTION` for an unknown metric or option; `ERR_BACKEND` when the kernel asked for does not compile here. The
 *   engine throws `ERR_MEMORY` when rows do not fit, before it takes any.
 * @example
 * const index = createIndex({ engine: flatEngine({ kernel: 'scalar' }) });
 * await index.add({ data: Float32Array.of(0, 1, 1, 0), shape: [2, 2] });
 * index.describe().engine; // 'flat (scalar)'
 */
export function flatEngine(options: FlatEngineOptions = {}): SearchEngineFactory {
  const { kernel = 'auto' } = options;
  checkNames('flat-engine', options, ['kernel']);
  checkOneOf('flat-engine', { kernel }, ['auto', 'relaxed-simd', 'simd', 'scalar']);
  const make: SearchEngineFactory = async (engineOptions) => {
    const distance = vectorDistance(engineOptions.metric as DistanceName); // refuses an unknown metric
    const scoring = flatScoring(engineOptions.metric);
    const found = await loadFlatKernel(scoring ? kernel : 'scalar');
    return new FlatSearchEngine(engineOptions, found, scoring, distance);
  };
  // Row, bias and scale, a bit; and room for rows and queries on their way.
  const estimateBytes: SearchEngineFactory['estimateBytes'] = ({ count, dimension }) =>
    Math.ceil(count * (4 * dimension + 8.125)) + 4096 * dimension;
  return Object.assign(make, { estimateBytes });
}
