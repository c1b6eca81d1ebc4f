import type { Id, Label, RecordData } from '../contract.ts';

/**
 * What a file knows of its records, in the order of adding. Nothing is decoded before it is asked for, so that a big index opens
 * at once: `RecordStore.fromColumns` keeps it, and makes its map of ids when one is first needed.
 */
export interface RecordColumns {
  readonly count: number;
  /** Next id to give out. */
  readonly nextId: number;
  /** Slot of each record, all different; undefined where record `i` is at slot `i`. */
  readonly slots: Uint32Array | undefined;
  /** @throws `ERR_FILE` for what is no id */
  id(record: number): Id;
  label(record: number): Label | null;
  /** @throws `ERR_FILE` for what is no JSON */
  data(record: number): RecordData | undefined;
}
