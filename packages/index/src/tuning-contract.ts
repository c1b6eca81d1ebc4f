import type { Vectors } from './contract.ts';

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
