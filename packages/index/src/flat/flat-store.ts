import type { EngineState, StoredEngineState } from '../contract.ts';
import type { LiveSlots } from './live-slots.ts';

/** What a {@link FlatScan} is made for. */
export interface ScanOptions {
  /** Rows wanted a query; at most `within`. */
  readonly places: number;
  /** Rows that may be returned. */
  readonly within: number;
  readonly radius: number;
  readonly allowed: Uint32Array | undefined;
}

/** One search through a kernel. */
export interface FlatScan {
  /** Queries to give at a time. */
  readonly blockSize: number;
  /** Slots among which the closest rows of each query are certain to be, or undefined where every row must be looked at. */
  candidates(queries: readonly Float32Array[]): (ArrayLike<number> | undefined)[];
}

/** Rows at slots, and how they are looked through. */
export interface FlatStore {
  readonly live: LiveSlots;
  readonly bytes: number;
  /** Makes room for slots below `count`. @throws `ERR_MEMORY`, before anything changed */
  reserve(count: number): void;
  /** Writes rows to slots that were reserved. */
  put(slots: Uint32Array, rows: Float32Array): void;
  /** Copies the row at a slot into `into`. */
  read(slot: number, into: Float32Array): Float32Array;
  /** Undefined where there is no kernel: every row must be looked at. */
  scan(options: ScanOptions): FlatScan | undefined;
  /** Undefined where there is nothing to keep beside the rows. */
  readonly state?: () => EngineState;
  /** Goes on from a state of the same kind; not at all from one that is laid out in another way. @throws `ERR_FILE`, `ERR_MEMORY` */
  readonly restore?: (stored: StoredEngineState) => Promise<void>;
  /** Sets its code book right. */
  readonly compact?: () => void;
}
