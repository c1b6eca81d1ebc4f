import type { Calibration } from '@simile/metrics';
import type { StoredEngineState } from '../contract.ts';
import type { RecordColumns } from '../records/record-columns.ts';

/** Kind of the container. */
export const KIND = 'index';
/** Version that is written. */
export const VERSION = 2;
/** Prefix of the names of an engine's sections. */
export const ENGINE = 'engine/';
/** Slots up to this may be used whatever the size of the engine's sections. */
export const SLOTS_ALWAYS: number = 2 ** 16;

/** What a file of an index holds, checked as far as it says. */
export interface IndexFile {
  readonly metric: string;
  readonly dimension: number | undefined;
  /** With the slots that the engine's state uses. */
  readonly columns: RecordColumns;
  readonly calibration: Calibration | undefined;
  /** Which state of a store this is: the name that a journal goes on from. */
  readonly generation: string;
  /** The state that this one took the place of. */
  readonly previous: string | undefined;
  readonly engine: StoredEngineState | undefined;
  /**
   * Rows in the order of the records, `[count × dimension]`, finite.
   *
   * @throws `ERR_FILE` when they are damaged, or kept by the engine in a form of its own
   */
  rows(): Promise<Float32Array>;
}
