import { checkOneOf } from '@simile/core/errors';
import type { SearchEngineFactory } from '../contract.ts';
import { loadKernel } from '../kernel/load-kernel.ts';
import { threadCount } from '../workers/thread-support.ts';
import { ivfShape, METRIC_NUMBERS } from './ivf-layout.ts';
import { defaultPartitions, defaultSubspaceSize, readIvfOptions, type IvfOptions } from './ivf-options.ts';
import { IvfSearchEngine } from './ivf-search-engine.ts';
import { IVF_KIND, IVF_VERSION } from './ivf-state.ts';
import { ivfBuilds } from './ivf.wasm.ts';

/**
 * Approximate search by partitions and product codes, in WASM SIMD: rows are dealt to lists by the closest of some centroids, and
 * what they differ from it by is kept in four bits for each two values (four above 300). A search looks at the lists closest to the query, 32 rows
 * at a time by byte shuffles, holds the best against int8 rows, and works out exact distances for the best of those. So distances
 * are exact and only a neighbour may be missing: how seldom is decided by `probes`, which `index.tune` finds for a recall.
 *
 * Up to 1,023 rows every one is looked at. Then centroids and codes are learnt; again, when there are 2.5 times as many rows, or a tenth
 * are new and their codes err 1.5 times as much, or lists are twice as crowded as after learning. Adding that many takes
 * seconds, where other adds take microseconds a row.
 *
 * Metrics: `cosine`, `inner-product`, `euclidean`, `squared-euclidean`, `snr`.
 *
 * Cost: a search grows with the square root of the number of rows at best, learning with its power 1.5. Memory a row of dimension d:
 * 4·d bytes of float32, d + 8 of int8, d/4 of codes (d/8 above 300) with 12 of places, up to 4 GiB.
 *
 * @returns An engine for `createIndex`
 * @throws `ERR_OPTION` for an unknown option or one out of range, and for a metric that it has no codes for; `ERR_BACKEND` when
 *   the kernel does not run here. The engine throws `ERR_MEMORY` when rows do not fit, before it takes any; `ERR_FILE` for a
 *   state that is damaged.
 * @see Guo et al., “Accelerating Large-Scale Inference with Anisotropic Vector Quantization”, ICML 2020:
 *   https://arxiv.org/abs/1908.10396; André, Kermarrec and Le Scouarnec, “Quicker ADC”, TPAMI 2021: https://arxiv.org/abs/1812.09162
 * @example
 * const index = createIndex({ dimension: 2, engine: ivfEngine({ probes: 8 }) });
 * await index.add(Float32Array.of(1, 0, 0, 1));
 * index.describe().engine; // 'ivf (wasm simd)'
 */
export function ivfEngine(options: IvfOptions = {}): SearchEngineFactory {
  const read = readIvfOptions(options);
  const make: SearchEngineFactory = async (engineOptions) => {
    const { metric, restore, slots } = engineOptions;
    checkOneOf('ivf-engine', { metric }, Object.keys(METRIC_NUMBERS));
    const threads = threadCount('ivf-engine', read.threads);
    const { kernel: wanted, wasm, workerUrl } = read;
    const kernel = await loadKernel('ivf-engine', ivfBuilds, { kernel: wanted, shared: threads > 1, wasm });
    const engine = new IvfSearchEngine(engineOptions, read, {
      ...kernel,
      threads: kernel.shared ? threads : 1,
      workerUrl,
    });
    if (restore?.kind === IVF_KIND && restore.version <= IVF_VERSION) await engine.restore(restore, slots);
    return engine;
  };
  const estimateBytes: SearchEngineFactory['estimateBytes'] = ({ count, dimension, metric }) => {
    const { width, byteStride, blockBytes } = ivfShape(
      metric,
      dimension,
      read.subspaceSize ?? defaultSubspaceSize(dimension),
    );
    const partitions = read.partitions ?? defaultPartitions(count);
    // Rows, places, and lists with half a block to spare each; centroids; room to search and to learn.
    const rows = count * (width * 4 + byteStride + 8 + 1 / 8) + (count / 32 + partitions / 2) * blockBytes;
    return Math.ceil(rows + partitions * width * 6) + 2 ** 21 * threadCount('ivf-engine', read.threads);
  };
  return Object.assign(make, { estimateBytes });
}
