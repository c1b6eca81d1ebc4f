import { checkInteger, checkNames, checkOneOf } from '@simile/core/errors';
import { distanceNames } from '@simile/distances/vectors';
import type { IndexOptions, SearchEngineFactory, VectorIndex } from './contract.ts';
import { flatEngine } from './flat/flat-engine.ts';
import { asFileError } from './file/index-file-sections.ts';
import { readIndexFile } from './file/read-index-file.ts';
import { EngineRecords } from './records/engine-records.ts';
import { restoreIndex } from './restore-index.ts';
import { EngineIndex } from './vector-index.ts';

/**
 * An empty index: vectors under ids, with labels, data and a calibration.
 *
 * The metric is one of `cosine` (default; normalises, so any length will do), `euclidean`, `squared-euclidean`, `manhattan`,
 * `inner-product` (minus the product) and `snr`, as `@simile/distances` defines them. Smaller is always closer. An engine of
 * one's own may know others.
 *
 * Cost: 4 bytes a value; search O(records · dimension) a query with the default engine, exact.
 *
 * @throws `ERR_OPTION` for an unknown metric or option, or a dimension below 1
 * @example
 * const index = createIndex({ dimension: 2 });
 * await index.add(Float32Array.of(1, 0, 0, 1), { labels: ['right', 'up'] });
 * const [neighbors] = await index.search(Float32Array.of(0.1, 2), { k: 1 });
 * neighbors[0].label; // 'up'
 */
export function createIndex(options: IndexOptions = {}): VectorIndex {
  const { dimension, metric = 'cosine', engine } = options;
  checkNames('create-index', options, ['dimension', 'metric', 'engine']);
  if (dimension !== undefined) checkInteger('create-index', { dimension }, 1);
  return makeIndex(metric, dimension, engine);
}

/**
 * Reads an index that `toBytes` wrote: records in their order, with ids, labels, data and calibration. Every byte is checked
 * before it is believed.
 *
 * @param bytes The whole file
 * @param options `engine`: as for `createIndex`; the file does not depend on it
 * @throws `ERR_FILE`, saying what is wrong; `ERR_MEMORY` when the rows do not fit
 * @example
 * const copy = await indexFromBytes(index.toBytes());
 */
export async function indexFromBytes(
  bytes: Uint8Array,
  options: { readonly engine?: SearchEngineFactory } = {},
): Promise<VectorIndex> {
  checkNames('index-from-bytes', options, ['engine']);
  const read = async (at: number, into: Uint8Array): Promise<void> => into.set(bytes.subarray(at, at + into.length));
  const file = await readIndexFile({ size: bytes.length, read });
  if (!options.engine) await asFileError(() => checkOneOf('create-index', { metric: file.metric }, distanceNames));
  return restoreIndex(file, options.engine ?? flatEngine());
}

function makeIndex(
  metric: string,
  dimension: number | undefined,
  engine: SearchEngineFactory | undefined,
): EngineIndex {
  if (!engine) checkOneOf('create-index', { metric }, distanceNames);
  return new EngineIndex(new EngineRecords(metric, dimension, engine ?? flatEngine()));
}
