import type { Items } from '@simile/core/items';

/** Name of a record. */
export type Id = number | string;
/** Class of a record. */
export type Label = number | string;

/** A record that was found. */
export interface FoundRecord {
  readonly rank: number;
  readonly id: Id;
  readonly label: Label | null;
  readonly distance: number;
  readonly data?: unknown;
}

/** A record as `get` and iteration give it. */
export interface StoredRecord {
  readonly id: Id;
  readonly label: Label | null;
  readonly data?: unknown;
  readonly vector: Float32Array;
}

/** Which records a search may return. */
export type Filter =
  | ((record: { readonly id: Id; readonly label: Label | null }) => boolean)
  | { readonly labels: readonly (Label | null)[] }
  | { readonly ids: readonly Id[] };

/** Options of `search`. */
export interface FindOptions {
  readonly k?: number;
  readonly radius?: number;
  readonly filter?: Filter;
}

/** Options of `add`, `upsert`. */
export interface PutOptions {
  readonly ids?: readonly Id[];
  readonly labels?: readonly (Label | null)[];
  readonly data?: readonly (string | { readonly [key: string]: number } | undefined)[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** What the checks call of an index: every `VectorIndex` of `@simile/index` has it, and so may one of another author. */
export interface IndexUnderTest extends Iterable<StoredRecord> {
  readonly size: number;
  readonly dimension: number | undefined;
  readonly metric: string;
  add(vectors: Float32Array | Items, options?: PutOptions): Promise<Id[]>;
  upsert(vectors: Float32Array | Items, options: PutOptions & { readonly ids: readonly Id[] }): Promise<Id[]>;
  remove(ids: Id | readonly Id[]): Promise<number>;
  get(id: Id): StoredRecord | undefined;
  has(id: Id): boolean;
  clear(): Promise<void>;
  compact(): Promise<void>;
  search(vectors: Float32Array | Items, options?: FindOptions): Promise<FoundRecord[][]>;
  /** Left out where records of one index cannot be added to another. */
  merge?(
    other: this,
    options?: { readonly onConflict?: 'error' | 'keep' | 'replace' | 'new-id'; readonly signal?: AbortSignal },
  ): Promise<Id[]>;
  /** Left out where nothing can be tuned. */
  tune?(options?: { readonly recall?: number; readonly k?: number }): Promise<{ readonly recall: number }>;
  describe?(): { readonly bytes: number };
  close?(): Promise<void>;
}

/** Makes an empty index. */
export type MakeIndex<Index extends IndexUnderTest = IndexUnderTest> = (options: {
  readonly dimension: number;
  readonly metric: string;
}) => Index | Promise<Index>;
