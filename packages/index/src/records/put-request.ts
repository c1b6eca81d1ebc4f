import { checkNames } from '@simile/core/errors';
import type { AddOptions, MergeOptions, Progress, VectorIndex, Vectors } from '../contract.ts';
import { readMergeRows, settleConflicts } from './merge-rows.ts';
import { readRecords, type RecordParts } from './read-records.ts';
import { readVectors, type Rows } from './read-vectors.ts';
import type { RecordStore } from './record-store.ts';

/** Records to be put, checked as far as can be before it is their turn. */
export interface PutRequest {
  /** Id of the call. */
  readonly where: string;
  readonly dimension: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  /** What is to be put into the records that there are when the turn has come. */
  settle(store: RecordStore): { readonly rows: Rows; readonly records: RecordParts; readonly replace: boolean };
}

/** Of `add` and `upsert`. @throws `ERR_OPTION`, `ERR_SHAPE`, `ERR_NAN` */
export function readPut(
  where: string,
  vectors: Vectors,
  options: AddOptions,
  dimension: number | undefined,
  replace: boolean,
): PutRequest {
  checkNames(where, options, ['ids', 'labels', 'data', 'signal', 'onProgress']);
  const rows = readVectors(where, vectors, dimension);
  const records = readRecords(where, rows.count, options);
  const { signal, onProgress } = options;
  return { where, dimension: rows.dimension, signal, onProgress, settle: () => ({ rows, records, replace }) };
}

/** Of `merge`. @throws `ERR_OPTION`, `ERR_SHAPE` */
export function readMerge(index: VectorIndex, other: VectorIndex, options: MergeOptions): PutRequest {
  const { onConflict = 'error', signal, onProgress } = options;
  const all = readMergeRows(index, other, options);
  const settle: PutRequest['settle'] = (store) => {
    const has = (id: number | string): boolean => store.slotOf(id) !== undefined;
    const { rows, ...records } = settleConflicts(all, has, store.nextId, onConflict);
    return { rows, records, replace: onConflict === 'replace' };
  };
  return { where: 'index.merge', dimension: all.rows.dimension, signal, onProgress, settle };
}
