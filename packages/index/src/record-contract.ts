import type { ItemData } from '@simile/core/items';

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

/** How far long work is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}
