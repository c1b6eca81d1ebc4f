import type { Json, Progress } from './record-contract.ts';

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
  /**
   * How far `tune` moves records to make queries of them, in differences of two of their neighbours: so far that their recall is that of
   * vectors which the engine has not seen. Default 1.3, as found for graphs.
   */
  readonly sampleStep?: number | undefined;
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
