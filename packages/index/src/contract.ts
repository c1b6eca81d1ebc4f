import type { Items } from '@simile/core/items';
import type { CalibrateOptions, Calibration } from '@simile/metrics';
import type { SearchEngineFactory } from './engine-contract.ts';
import type { Id, IndexRecord, Label, Match, Neighbor, Progress, RecordData, RecordFilter } from './record-contract.ts';
import type { IndexMeasurement, MeasureOptions, TuneOptions, TuneResult } from './tuning-contract.ts';

export type * from './engine-contract.ts';
export type * from './record-contract.ts';
export type * from './tuning-contract.ts';

/** Options of {@link VectorIndex.search}. */
export interface SearchOptions {
  /**
   * Neighbours a query; all records when the index has fewer. Infinity for all, which an engine that may miss then looks for
   * exactly. Default 5.
   */
  readonly k?: number;
  /** Only neighbours up to this distance, inclusive; with `k: Infinity` all of them. Default no limit. */
  readonly radius?: number;
  /** Only records that pass. Default all. */
  readonly filter?: RecordFilter;
  /** How hard an engine that may miss looks: `efSearch` of hnsw, probes of ivf. Default what the index is tuned to. */
  readonly effort?: number;
  /** Stops a long search between blocks of queries. */
  readonly signal?: AbortSignal;
}

/** Options of {@link VectorIndex.add} and {@link VectorIndex.upsert}; every list has one entry a vector. */
export interface AddOptions {
  /** Default whole numbers, counting on from the largest in use. */
  readonly ids?: ArrayLike<Id>;
  /** Default null: no label. */
  readonly labels?: ArrayLike<Label | null>;
  /** Items (one each) or a list. Default none. */
  readonly data?: Items | readonly (RecordData | undefined)[];
  /** Stops a long add; then nothing was added. Default none. */
  readonly signal?: AbortSignal;
  /** Told now and then how many of the vectors are in. Default none. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Rows to add or to look up: `[n × dimension]` values, or items of shape `[n, dimension]`. */
export type Vectors = Float32Array | Items;

/** Options of {@link VectorIndex.match}. */
export interface MatchOptions {
  /** Name of a cut-point of the calibration, or a distance. Default `optimal`. */
  readonly cutpoint?: string | number;
  /** Neighbours a query. Default that of the calibration, 1 without one. */
  readonly k?: number;
  /** Default that of the calibration, `match-nearest` without one. */
  readonly matcher?: string;
  readonly filter?: RecordFilter;
}

/** Options of {@link VectorIndex.calibrate}. */
export interface IndexCalibrateOptions extends CalibrateOptions {
  /** Neighbours a query. Default 1. */
  readonly k?: number;
}

/** Neighbours of many queries without an object each: row `i` holds `counts[i]` of the `k` places. */
export interface SearchColumns {
  /** Places a query: the `k` asked for, or the size of the index when that is less; for `k: Infinity`, the most found. */
  readonly k: number;
  /** `[queries]`: places in use; fewer than `k` only under a radius or a filter. */
  readonly counts: Uint32Array;
  /** `[queries × k]`; undefined at places not in use. */
  readonly ids: readonly (Id | undefined)[];
  /** `[queries × k]`; null without a label and at places not in use. */
  readonly labels: readonly (Label | null)[];
  /** `[queries × k]`; Infinity at places not in use. */
  readonly distances: Float64Array;
}

/** Options of {@link VectorIndex.merge}. */
export interface MergeOptions {
  /**
   * What happens to a record whose id is in use: `error` refuses the whole call, `keep` passes it over, `replace` puts it in the
   * place of ours, `new-id` gives it (it alone) an id that is free. Default `error`.
   */
  readonly onConflict?: 'error' | 'keep' | 'replace' | 'new-id';
  /** Stops a long merge; then nothing was added. */
  readonly signal?: AbortSignal;
  /** Told now and then how many of the records are in. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Times of lookups, in milliseconds a query, over the last 1,000 calls. */
export interface LatencySummary {
  readonly min: number;
  readonly mean: number;
  readonly median: number;
  readonly max: number;
}

/** What {@link VectorIndex.describe} tells. */
export interface IndexSummary {
  readonly size: number;
  /** Undefined before the first record of an index made without a dimension. */
  readonly dimension: number | undefined;
  readonly metric: string;
  /** Name of the search engine and what it chose at run time: `flat (wasm simd)`. */
  readonly engine: string;
  /** Memory of the engine. */
  readonly bytes: number;
  readonly calibrated: boolean;
  /** Queries answered so far. */
  readonly lookups: number;
  /** Undefined before the first lookup. */
  readonly latency: LatencySummary | undefined;
}

/**
 * Vectors under ids, with labels, data and a calibration: add, search, match, keep. Made by `createIndex` and
 * `indexFromBytes`. Each call either does all it says or throws a `SimileError` and changes nothing.
 */
export interface VectorIndex extends Iterable<IndexRecord> {
  readonly size: number;
  /** Values of a vector; undefined before the first record of an index made without it. */
  readonly dimension: number | undefined;
  /** Id of the distance: `cosine`. */
  readonly metric: string;
  /** What the last `calibrate` found, or the file brought; undefined before. */
  readonly calibration: Calibration | undefined;
  /** Adds records and returns their ids. An id in use is refused. */
  add(vectors: Vectors, options?: AddOptions): Promise<Id[]>;
  /** Adds records, or replaces those of the same id, which keep their place in the order. */
  upsert(vectors: Vectors, options: AddOptions & { readonly ids: ArrayLike<Id> }): Promise<Id[]>;
  /** Removes records; ids that are not there are passed over. Returns how many went. */
  remove(ids: Id | ArrayLike<Id>): Promise<number>;
  get(id: Id): IndexRecord | undefined;
  has(id: Id): boolean;
  /**
   * Adds the records of another index of the same metric and dimension, with labels and data, in their order. Returns the ids
   * under which they are here, those passed over left out. Our calibration stays. Memory: a copy of the other's rows on the way.
   */
  merge(other: VectorIndex, options?: MergeOptions): Promise<Id[]>;
  /** Removes every record and the calibration; dimension and metric stay. */
  clear(): Promise<void>;
  /** Gives the memory of removed records back. */
  compact(): Promise<void>;
  /** The `k` closest records of each query, closest first; equal distances in the order of adding. */
  search(vectors: Vectors, options?: SearchOptions): Promise<Neighbor[][]>;
  /** As {@link search}, in columns: for big batches. */
  searchColumns(vectors: Vectors, options?: SearchOptions): Promise<SearchColumns>;
  /** Finds the distances up to which a match is believed, from queries with known labels, and keeps them. */
  calibrate(vectors: Vectors, labels: ArrayLike<Label>, options?: IndexCalibrateOptions): Promise<Calibration>;
  /** Sets or removes the calibration, for one that was made elsewhere. */
  setCalibration(calibration: Calibration | undefined): void;
  /** The label of each query, or unknown. */
  match(vectors: Vectors, options?: MatchOptions): Promise<Match[]>;
  /**
   * Finds and sets the least effort with which searches find a share of the closest records, by measuring on a sample. Without
   * queries of one's own, each is a record moved along the difference of two of its neighbours, so that it is as far from the records as
   * records are from each other.
   */
  tune(options?: TuneOptions): Promise<TuneResult>;
  /** Recall against exact search, times of single searches, memory: on one's own data, on this machine. */
  measure(options?: MeasureOptions): Promise<IndexMeasurement>;
  /** Ends what the engine holds outside of memory: workers, files. Nothing may be called after. */
  close(): Promise<void>;
  describe(): IndexSummary;
  /** The whole index as one file: see docs/formats.md. */
  toBytes(): Uint8Array;
}

/** Which engine an index has: in `createIndex`, `indexFromBytes` and `openIndex`. */
export interface EngineChoice {
  /**
   * `auto` looks at every record while they are few and builds a graph above; `flat` always looks at every record; `hnsw` always
   * has a graph; `ivf` has partitions, built in seconds; or one of your own. Default `auto`.
   */
  readonly engine?: 'auto' | 'flat' | 'hnsw' | 'ivf' | SearchEngineFactory;
  /** Codes that are searched: of a graph, for `auto` and `hnsw`; of rows, `f32` or `i8`, for `flat`. Default that of the engine. */
  readonly precision?: 'f32' | 'f16' | 'i8' | 'i4' | 'binary';
  /**
   * Share of the closest records that searches should find, above 0, at most 1: the engine is tuned to it, and tuned anew
   * when the index has grown by half. With `auto`, 1 looks at every record. Default .95; an engine of your own is left as it is.
   */
  readonly recall?: number;
  /**
   * Threads for batches of queries and for building, the calling one included, for `auto`, `hnsw` and `ivf`; `auto` is one a core. 1 where
   * memory cannot be shared: in pages that are not isolated. Default 1.
   */
  readonly threads?: number | 'auto';
}

/** Options of `createIndex`. */
export interface IndexOptions extends EngineChoice {
  /** Values of a vector. Default that of the first vectors added as items. */
  readonly dimension?: number;
  /** Id of the distance. Default `cosine`. */
  readonly metric?: string;
}
