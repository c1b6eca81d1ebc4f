import { checkNames, SimileError } from '@simile/core/errors';
import { readBytes } from '@simile/core/storage';
import type { AddOptions, EngineChoice, VectorIndex } from '../contract.ts';
import { createIndex } from '../create-index.ts';
import { readHnswlib } from './read-hnswlib.ts';

/** Spaces of hnswlib and the metrics that order as they do. */
const METRICS = { l2: 'squared-euclidean', ip: 'inner-product', cosine: 'cosine' } as const;

/** Options of {@link importHnswlib}. */
export interface ImportHnswlibOptions extends EngineChoice, Pick<AddOptions, 'signal' | 'onProgress'> {
  /** The space that the index was made with; the file does not say. */
  readonly space: 'l2' | 'ip' | 'cosine';
  /** Values of a vector, at least 1, to be sure that it is the file one thinks. Default what the file says. */
  readonly dimension?: number;
}

/**
 * An index with the vectors of an index file of hnswlib, in C++, Python or Node: labels become ids,
 * elements marked as deleted are left out, the graph is built anew by our engine.
 *
 * Distances are ours: of `l2` the squared one, as there; of `ip` −a·b, which is less by 1 than hnswlib's 1 − a·b; of `cosine`
 * 1 − cos. hnswlib keeps rows of `cosine` with length 1, so they come with that.
 *
 * @param source The bytes of the file, or its path (Node)
 * @throws `ERR_FILE` for what is no such file; `ERR_OPTION` for a space or dimension that is not the one of the file
 * @example
 * const index = await importHnswlib('index.bin', { space: 'cosine' });
 * index.metric; // 'cosine'
 */
export async function importHnswlib(
  source: Uint8Array | string | URL,
  options: ImportHnswlibOptions,
): Promise<VectorIndex> {
  const { space, dimension, signal, onProgress, ...choice } = options;
  const where = 'import-hnswlib';
  checkNames(where, options, [
    'space',
    'dimension',
    'signal',
    'onProgress',
    'engine',
    'precision',
    'recall',
    'threads',
  ]);
  if (!Object.hasOwn(METRICS, space ?? '')) {
    const remedy = 'Give the space that the index was made with; the file does not say.';
    throw new SimileError({ where, rule: 'space must be l2, ip or cosine', got: space, remedy, code: 'ERR_OPTION' });
  }
  const file = readHnswlib(source instanceof Uint8Array ? source : await readBytes(source));
  if (dimension !== undefined && dimension !== file.dimension) {
    throw new SimileError({
      where,
      rule: `dimension must be that of the file, ${file.dimension}`,
      got: dimension,
      remedy: 'Leave dimension out, or give another file.',
      code: 'ERR_OPTION',
    });
  }
  const index = createIndex({ metric: METRICS[space], dimension: file.dimension, ...choice });
  await index.add(file.rows, { ids: file.ids, ...(signal && { signal }), ...(onProgress && { onProgress }) });
  return index;
}
