import { checkInteger, checkNames } from '@simile/core/errors';
import type { EngineChoice, IndexOptions, VectorIndex } from './contract.ts';
import { chooseEngine } from './engine-choice.ts';
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
 * Say how good answers must be, not how to find them: `createIndex({ recall: 0.99 })`. Up to some 20,000 records every one is
 * looked at, so that none is missed; above, a graph is searched, and tuned so that this share of the true neighbours is
 * found. `describe()` says which and why, `measure()` how well and how fast, on your own records.
 *
 * Cost: `estimateBytes` tells the memory; search O(records · dimension) a query up to that number, about the logarithm above.
 *
 * @throws `ERR_OPTION` for an unknown metric, engine or option, a dimension below 1, a recall out of range
 * @example
 * const index = createIndex({ dimension: 2 });
 * await index.add(Float32Array.of(1, 0, 0, 1), { labels: ['right', 'up'] });
 * const [neighbors] = await index.search(Float32Array.of(0.1, 2), { k: 1 });
 * neighbors![0]!.label; // 'up'
 */
export function createIndex(options: IndexOptions = {}): VectorIndex {
  const where = 'create-index';
  const { dimension, metric = 'cosine', ...choice } = options;
  checkNames(where, options, ['dimension', 'metric', 'engine', 'precision', 'recall', 'threads']);
  if (dimension !== undefined) checkInteger(where, { dimension }, 1);
  const { factory, recall, checkMetric } = chooseEngine(where, choice);
  checkMetric(metric);
  return new EngineIndex(new EngineRecords(metric, dimension, factory), recall);
}

/**
 * Reads an index that `toBytes` wrote: records in their order, with ids, labels, data and calibration. Every byte is checked
 * before it is believed.
 *
 * @param bytes The whole file
 * @param options As for `createIndex`; the file does not depend on them. An engine of the kind that wrote it goes on where that was
 * @throws `ERR_FILE`, saying what is wrong; `ERR_MEMORY` when the rows do not fit
 * @example
 * const index = createIndex({ dimension: 2 });
 * await index.add(Float32Array.of(1, 0), { ids: ['ada'] });
 * const copy = await indexFromBytes(index.toBytes());
 * copy.get('ada')!.vector; // Float32Array [1, 0]
 */
export async function indexFromBytes(bytes: Uint8Array, options: EngineChoice = {}): Promise<VectorIndex> {
  const where = 'index-from-bytes';
  checkNames(where, options, ['engine', 'precision', 'recall', 'threads']);
  const { factory, recall, checkMetric } = chooseEngine(where, options);
  const read = async (at: number, into: Uint8Array): Promise<void> => into.set(bytes.subarray(at, at + into.length));
  const file = await readIndexFile({ size: bytes.length, read });
  await asFileError(() => checkMetric(file.metric));
  return restoreIndex(file, factory, recall);
}
