import type { ItemData, Items } from '@simile/core/items';
import type { CalibrateOptions, Calibration } from '@simile/metrics';

/** Name of a record: a text, or a whole number. */
export type Id = number | string;

/** Class of a record: a text, or a finite number. */
export type Label = number | string;

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An image or another array kept with a record. */
export interface ArrayData {
  /** Shape of the one item: `[28, 28, 1]`. */
  readonly shape: readonly number[];
  readonly data: ItemData;
}

/** What a record carries besides its label: JSON, or an image-like array. */
export type RecordData = Json | ArrayData;

/** A record as filters, `get` and iteration see it. */
export interface IndexRecord {
  readonly id: Id;
  readonly label: Label | null;
  readonly data?: RecordData;
  /** The row as it was added, a copy: `[dimension]`. */
  readonly vector: Float32Array;
}

/** A record near a query. */
export interface Neighbor {
  /** From 1, the closest. */
  readonly rank: number;
  readonly id: Id;
  readonly label: Label | null;
  /** In the unit of the index's metric; smaller is closer. */
  readonly distance: number;
  readonly data?: RecordData;
}

/** What a query was recognised as. */
export interface Match {
  /** Label of the query; null when it is unknown. */
  readonly label: Label | null;
  /** Whether `distance` is within the cut-point and a label was found. */
  readonly known: boolean;
  /** What the matcher made of the neighbours' distances; Infinity without neighbours. */
  readonly distance: number;
  readonly neighbors: readonly Neighbor[];
}

/**
 * What a member of a record's data must be: this value, one of these, or within bounds (numbers with numbers, texts with
 * texts).
 */
export type DataTest =
  | null
  | boolean
  | number
  | string
  | readonly (null | boolean | number | string)[]
  | {
      readonly above?: number | string;
      readonly least?: number | string;
      readonly most?: number | string;
      readonly below?: number | string;
    };

/** Conditions on records; all that are given must hold. */
export interface RecordConditions {
  /** The label is one of these. */
  readonly labels?: ArrayLike<Label | null>;
  /** The id is one of these. */
  readonly ids?: ArrayLike<Id>;
  /** Data is an object with members that pass: `{ kind: ['cat', 'dog'], year: { least: 2020 } }`. */
  readonly where?: Readonly<Record<string, DataTest>>;
}

/**
 * Which records a search may return: a function of the record, or conditions. Applied inside the search, so that `k` records
 * come back when `k` pass. Conditions on labels and data are worked out once and kept until a record changes; a function is
 * called for every record each time.
 */
export type RecordFilter = ((record: Omit<IndexRecord, 'vector'>) => boolean) | RecordConditions;

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
  /** Stops a long add; then nothing was added. */
  readonly signal?: AbortSignal;
  /** Told now and then how many of the vectors are in. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far long work is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
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

/** Options of {@link VectorIndex.measure}. */
export interface MeasureOptions {
  /** Vectors like those that will be looked up. Default records with noise, as {@link VectorIndex.tune} makes them. */
  readonly queries?: Vectors;
  /** Neighbours a query. Default 10. */
  readonly k?: number;
  /** Queries made when none are given; at most as many as there are records. Default 200. */
  readonly sample?: number;
  /** Effort to measure. Default that in use. */
  readonly effort?: number;
  /** Decides the sample. Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** What {@link VectorIndex.measure} finds. */
export interface IndexMeasurement {
  /** As of {@link IndexSummary}. */
  readonly engine: string;
  /** Share of the `k` closest that a search finds, from 0 to 1, over all queries: 1 for an engine that never misses. */
  readonly recall: number;
  readonly k: number;
  readonly queries: number;
  /** Milliseconds of a search for one query. */
  readonly latency: { readonly median: number; readonly p95: number };
  /** Memory of the engine over the records. */
  readonly bytesPerVector: number;
  /** Effort that was measured; undefined for an engine that never misses. */
  readonly effort: { readonly name: string; readonly value: number } | undefined;
}

/** Options of {@link VectorIndex.tune}. */
export interface TuneOptions extends Omit<MeasureOptions, 'effort'> {
  /** Share of the `k` closest that searches should find, above 0, at most 1. Default .95. */
  readonly recall?: number;
}

/** What {@link VectorIndex.tune} set. */
export interface TuneResult {
  /** Undefined for an engine that never misses. */
  readonly effort: { readonly name: string; readonly value: number } | undefined;
  /** Of the sample, with that effort. */
  readonly recall: number;
  /** Whether that is what was asked for; else the effort that found most was set. */
  readonly reached: boolean;
  readonly k: number;
  readonly queries: number;
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

/** What a {@link SearchEngineFactory} is told. */
export interface SearchEngineOptions {
  readonly dimension: number;
  /** Id of the distance. */
  readonly metric: string;
  /** Place of a slot's record in the order of adding; equal distances are returned in this order. */
  readonly order: (slot: number) => number;
  /**
   * What an engine of the same metric and dimension wrote: go on from there in place of an empty engine. An engine that does
   * not know the kind or the version starts empty, and is given the rows. @throws `ERR_FILE` for a state that is damaged
   */
  readonly restore?: StoredEngineState;
  /** With `restore`: the slots that hold its rows. */
  readonly slots?: Uint32Array;
}

/** Everything an engine knows, as named runs of bytes: enough to go on without building anything anew. */
export interface EngineState {
  /** Kind of the engine: `hnsw`. */
  readonly kind: string;
  /** Version of what meta and sections mean; a whole number from 1. */
  readonly version: number;
  /** Sizes, options, counters. */
  readonly meta: Json;
  /** By name, as a container's sections are named, at most 32 characters. Views that hold until the engine changes. */
  readonly sections: ReadonlyMap<string, Uint8Array>;
  /** Where other engines find the rows, when the sections hold them as they were added. Then the file holds them once. */
  readonly rows?: EngineStateRows;
}

/**
 * A section of float32 rows by slot, in groups of `lanes` rows with a dimension's values side by side: value `j` of the row at
 * `place` is number `(place - place % lanes) × stride + j × lanes + place % lanes`. One lane is row after row. The place of a slot
 * is its number, or where the section `slots` has it: a u32 a place, 0xffffffff for none.
 */
export interface EngineStateRows {
  readonly section: string;
  /** From 1. Default 1. */
  readonly lanes?: number;
  /** Numbers from row to row, the dimension at least. Default the dimension. */
  readonly stride?: number;
  readonly slots?: string;
  /**
   * Slots are dealt to so many shards: slot `s` is slot `⌊s / shards⌋` of shard `s % shards`, whose sections have its number and
   * a dot before their names. Default no shards.
   */
  readonly shards?: number;
}

/** An {@link EngineState} in a file, read straight into the memory of the engine. Trust nothing of it. */
export interface StoredEngineState extends Omit<EngineState, 'sections'> {
  /** Bytes of each section. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Fills `into`, as long as the section. @throws `ERR_FILE` for a section that is not there or whose checksum is wrong */
  read(name: string, into: Uint8Array): Promise<void>;
  /**
   * Fills `into` with the bytes of a section from `at` on, at once and unchecked, for an engine that answers before all is read.
   * Undefined where the store cannot.
   */
  readonly readNow?: ((name: string, at: number, into: Uint8Array) => void) | undefined;
}

/** How hard an engine that may miss looks: a whole number that trades time for recall. */
export interface SearchEffort {
  /** As the field calls it: `efSearch`, `probes`. */
  readonly name: string;
  /** In use where a search says nothing else; may be set. */
  value: number;
  readonly least: number;
  readonly most: number;
}

/** What goes with {@link SearchEngine.set}. */
export interface EngineSetOptions {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** What a {@link SearchEngine} is asked for. */
export interface EngineSearchOptions {
  /** At least 1. */
  readonly k: number;
  /** Infinity without a limit. */
  readonly radius: number;
  /** Bit `slot & 31` of word `slot >> 5` is 1 for slots that may be returned; undefined for all. */
  readonly allowed: Uint32Array | undefined;
  /** In place of the value of {@link SearchEngine.effort}. */
  readonly effort?: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What a {@link SearchEngine} finds: row `i` holds `counts[i]` of the `k` places, closest first. */
export interface EngineHits {
  readonly k: number;
  readonly counts: Uint32Array;
  readonly slots: Uint32Array;
  /** Exact, in the unit of the metric; of the codes for an engine that keeps no float32 rows. */
  readonly distances: Float64Array;
}

/**
 * Finds rows near a query. Knows slots (small whole numbers that the index hands out and takes back), never ids or
 * labels. Flat here; any other through the `engine` option of `createIndex`.
 */
export interface SearchEngine {
  /** Name and what was chosen at run time: `flat (wasm simd)`. */
  readonly name: string;
  /** Rows held. */
  readonly size: number;
  /** Memory held. */
  readonly bytes: number;
  /** How hard `search` looks; undefined for an engine that always finds all. */
  readonly effort?: SearchEffort | undefined;
  /** Makes room for rows at slots below `slots`, told before many come. @throws `ERR_MEMORY` when they will not fit, nothing changed */
  reserve?(slots: number): void | Promise<void>;
  /** Puts rows `[slots.length × dimension]` at slots, free or not. All of them or, with an error or an abort, none. */
  set(slots: Uint32Array, rows: Float32Array, options?: EngineSetOptions): void | Promise<void>;
  /** Frees slots that hold a row. */
  remove(slots: Uint32Array): void | Promise<void>;
  /** The row at a slot, a copy; as near as the codes tell for an engine that keeps no float32 rows. */
  row(slot: number): Float32Array;
  /** Neighbours of each of the queries `[n × dimension]`. */
  search(queries: Float32Array, options: EngineSearchOptions): EngineHits | Promise<EngineHits>;
  /** As `search`, missing nothing: what `search` is measured against. Undefined where `search` never misses. */
  readonly searchExact?:
    | ((queries: Float32Array, options: EngineSearchOptions) => EngineHits | Promise<EngineHits>)
    | undefined;
  /** Forgets every row. */
  clear(): void | Promise<void>;
  /** Everything it knows, for {@link SearchEngineOptions.restore}. Without it, files hold rows and the engine is built anew. */
  readonly state?: (() => EngineState) | undefined;
  /** Fetches what `state` gives, for an engine that has it in a worker and else has no `state`. Whoever can wait calls it first. */
  readonly prepareState?: (() => Promise<void>) | undefined;
  /** Sets its parts right after many changes: code book, links, memory. Slots stay. */
  readonly compact?: (() => void | Promise<void>) | undefined;
  /** Ends what it holds outside of memory: workers, files. Nothing may be called after. */
  close?(): void | Promise<void>;
}

/** Makes an engine. */
export interface SearchEngineFactory {
  (options: SearchEngineOptions): SearchEngine | Promise<SearchEngine>;
  /** Share of the closest records that its searches should find: what `createIndex` tunes it to where nothing else is said. */
  readonly recall?: number;
  /** Memory that such an engine will take for `count` rows, in bytes: what `estimateBytes` asks. */
  readonly estimateBytes?: (rows: {
    readonly count: number;
    readonly dimension: number;
    readonly metric: string;
  }) => number;
}

/** Which engine an index has: in `createIndex`, `indexFromBytes` and `openIndex`. */
export interface EngineChoice {
  /**
   * `auto` looks at every record while they are few and builds a graph above; `flat` always looks at every record; `hnsw` always
   * has a graph; `ivf` has partitions, built in seconds; or one of your own. Default `auto`.
   */
  readonly engine?: 'auto' | 'flat' | 'hnsw' | 'ivf' | SearchEngineFactory;
  /** Codes that are searched: of a graph, for `auto` and `hnsw`, default `i4`; for `flat` `f32` or `i8`, default by metric and dimension. */
  readonly precision?: 'f32' | 'f16' | 'i8' | 'i4' | 'binary';
  /**
   * Share of the closest records that searches should find, above 0, at most 1: the engine is tuned to it, and tuned anew
   * when the index has grown by half. With `auto`, 1 looks at every record. Default .95; an engine of your own is left as it is.
   */
  readonly recall?: number;
}

/** Options of `createIndex`. */
export interface IndexOptions extends EngineChoice {
  /** Values of a vector. Default that of the first vectors added as items. */
  readonly dimension?: number;
  /** Id of the distance. Default `cosine`. */
  readonly metric?: string;
}
