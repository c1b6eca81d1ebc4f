import { checkOneOf } from '@simile/core/errors';
import type { SearchEngineFactory } from '../contract.ts';
import { loadKernel } from '../kernel/load-kernel.ts';
import { slotsUpTo } from '../slot-bits.ts';
import { threadCount } from '../workers/thread-support.ts';
import { codeShape, GRAPH_METRICS } from './hnsw-layout.ts';
import { readHnswOptions, type HnswOptions } from './hnsw-options.ts';
import { HnswSearchEngine } from './hnsw-search-engine.ts';
import { HNSW_KIND, HNSW_VERSION, readState } from './hnsw-state.ts';
import { hnswBuilds } from './hnsw.wasm.ts';

/**
 * Approximate search on a navigable small world (HNSW) over small codes, in WASM SIMD: a search looks at some thousand of any number of
 * rows. It walks over codes of `precision`, and holds the best it found against the float32 rows, so distances are exact
 * and only a neighbour may be missing: how seldom is decided by `efSearch`, which `index.tune` finds for a recall.
 *
 * Adding goes on for ever, without a rebuild; removed rows leave the graph, and others are linked around them. Metrics:
 * `cosine`, `euclidean`, `squared-euclidean`, `inner-product`, `snr`.
 *
 * Cost: search grows with the logarithm of the number of rows; an insertion costs some ten searches. Memory a row of dimension d:
 * `8·M` bytes of links and d/2 of codes (`i4`), besides 4·d for float32 rows with `rerank`; up to 4 GiB.
 *
 * @returns An engine for `createIndex`
 * @throws `ERR_OPTION` for an unknown option or one out of range, and for a metric it has no graph for; `ERR_BACKEND` when the
 *   kernel does not run here. The engine throws `ERR_MEMORY` when rows do not fit, before it takes any; `ERR_FILE` for a state that is
 *   damaged.
 * @see Malkov and Yashunin, “Efficient and robust approximate nearest neighbor search using hierarchical navigable small world
 *   graphs”, TPAMI 2020
 * @example
 * const index = createIndex({ dimension: 2, engine: hnswEngine({ M: 16 }) });
 * await index.add(Float32Array.of(1, 0, 0, 1));
 * index.describe().engine; // 'hnsw i4 (wasm simd)'
 */
export function hnswEngine(options: HnswOptions = {}): SearchEngineFactory {
  const read = readHnswOptions(options);
  const make: SearchEngineFactory = async (engine) => {
    const { metric, restore } = engine;
    checkOneOf('hnsw-engine', { metric }, GRAPH_METRICS);
    const threads = threadCount('hnsw-engine', read.threads);
    const { kernel: wanted, wasm } = read;
    const kernel = await loadKernel('hnsw-engine', hnswBuilds, { kernel: wanted, shared: threads > 1, wasm });
    const made = new HnswSearchEngine(engine, read, kernel, kernel.shared ? threads : 1);
    if (restore?.kind === HNSW_KIND && restore.version <= HNSW_VERSION) {
      try {
        await readState(made, restore, slotsUpTo(engine.slots ?? new Uint32Array()));
      } catch (error) {
        await made.close();
        throw error;
      }
    }
    return made;
  };
  const estimateBytes: SearchEngineFactory['estimateBytes'] = ({ count, dimension, metric }) => {
    const { M, precision, rerank } = read;
    const width = dimension + (metric === 'inner-product' ? 1 : 0);
    const codes = precision === 'f32' ? 0 : codeShape(precision, width).stride;
    const rows = rerank || precision === 'f32' ? codeShape('f32', width).stride : 0;
    // Links on both levels, places, levels, settled links, slots, and bits of nodes; scratch of one thread.
    return Math.ceil(count * (8 * M + (4 * M) / (M - 1) + codes + rows + 6 + 8 + 0.5)) + 2 ** 20;
  };
  return Object.assign(make, { estimateBytes });
}
