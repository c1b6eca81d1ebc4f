import { eachChunk, layOut } from './flat-chunks.ts';
import type { FlatRows } from './flat-rows.ts';
import type { FlatScoring, ScoredQuery } from './flat-scoring.ts';

/** Queries a tile of the kernel. */
const TILE = 4;
/** Places kept beyond the `k` asked for, so that rounding seldom calls for a second look. */
const SPARE = 8;
const MOST_QUERIES = 1024;
const SCRATCH_BYTES = 16 * 1024 * 1024;
/** Beyond this many places heaps are no gain over looking at every row in float64. */
const MOST_PLACES = 200_000;

/** What a {@link FlatScan} needs to know. */
export interface FlatScanOptions {
  readonly rows: FlatRows;
  readonly scoring: FlatScoring;
  /** Length of the longest row. */
  readonly longest: number;
  /** Rows wanted a query; at most `within`. */
  readonly places: number;
  /** Rows that may be returned. */
  readonly within: number;
  readonly radius: number;
  readonly allowed: Uint32Array | undefined;
}

/** One search through the kernel: finds, for each query, rows among which its closest are certain to be. */
export class FlatScan {
  /** Queries to give at a time. */
  readonly blockSize: number;
  readonly #options: FlatScanOptions;
  readonly #kept: number;

  constructor(options: FlatScanOptions) {
    this.#options = options;
    this.#kept = options.places + SPARE + (options.places >> 3);
    const tileBytes = TILE * (options.rows.dimension * 4 + this.#kept * 8);
    this.blockSize = Math.min(MOST_QUERIES, Math.max(1, Math.floor(SCRATCH_BYTES / tileBytes)) * TILE);
  }

  /** Slots a query, or undefined where every row must be looked at. */
  candidates(vectors: readonly Float32Array[]): (Iterable<number> | undefined)[] {
    const { rows, scoring, longest, within, radius, allowed } = this.#options;
    const queries = vectors.map((vector) => scoring.query(vector, longest));
    const fair = queries.map((query) => query.error(0) < Infinity);
    // Heaps that would keep all rows, or nearly, choose nothing: only a radius can.
    if (this.#kept >= within || this.#kept > MOST_PLACES) {
      return queries.map((query, i) => {
        if (!fair[i] || radius === Infinity) return undefined;
        const score = query.scoreOf(radius);
        return this.#collect(query, score + 2 * query.error(Math.max(0, score)));
      });
    }
    const tiles = vectors.length === 1 ? 0 : Math.ceil(vectors.length / TILE);
    const heaps = Math.max(1, tiles * TILE);
    const at = layOut(rows, heaps, this.#kept);
    const { f32, i32 } = rows.memory!.view();
    queries.forEach(({ values }, i) => {
      const stride = tiles === 0 ? 1 : TILE;
      let to = at.queries / 4 + Math.floor(i / TILE) * TILE * rows.dimension + (i % TILE);
      for (let j = 0; j < values.length; j++, to += stride) f32[to] = values[j]!;
    });
    const kept = this.#kept;
    f32.fill(-Infinity, at.scores / 4, at.scores / 4 + heaps * kept); // places of queries that are not there take nothing
    f32.fill(Infinity, at.scores / 4, at.scores / 4 + queries.length * kept);
    i32.fill(-1, at.rows / 4, at.rows / 4 + heaps * kept);

    const scan = scoring.sum === 'products' ? rows.memory!.exports.scanProducts : rows.memory!.exports.scanDifferences;
    eachChunk(rows, allowed, at, (chunk, bias, count, first) => {
      const { dimension } = rows;
      const scale = rows.address(chunk, 'scale');
      scan(
        rows.address(chunk),
        bias,
        scale,
        at.list,
        count,
        first,
        dimension,
        at.queries,
        tiles,
        at.scores,
        at.rows,
        kept,
        0,
      );
    });

    const found = queries.map((query, i) => {
      if (!fair[i]) return undefined;
      const from = at.scores / 4 + i * kept;
      const shift = (at.rows - at.scores) / 4;
      return this.#certain(query, f32.slice(from, from + kept), i32.slice(from + shift, from + shift + kept));
    });
    return found.map((slots, i) => (typeof slots === 'number' ? this.#collect(queries[i]!, slots) : slots));
  }

  /** The rows of a heap that can be among the closest, or the score to collect up to where others can be too. */
  #certain(query: ScoredQuery, scores: Float32Array, slots: Int32Array): number[] | number {
    const worst = scores[0]!; // Infinity unless the heap is full
    const last = scores.toSorted()[this.#options.places - 1]!;
    const limit = last + 2 * query.error(last);
    if (worst <= limit) return limit;
    const found: number[] = [];
    for (let i = 0; i < slots.length; i++) if (scores[i]! <= limit && slots[i]! >= 0) found.push(slots[i]!);
    return found;
  }

  /** Slots of every row whose score is at most `limit`. */
  #collect(query: ScoredQuery, limit: number): Uint32Array {
    const { rows, scoring, allowed } = this.#options;
    if (!(limit > -Infinity)) return new Uint32Array(0);
    const at = layOut(rows, 1, 0);
    rows.memory!.view().f32.set(query.values, at.queries / 4);
    const upward = limit + Math.abs(limit) * 2 ** -23 + 1e-37; // rounding to float32 must not lower it
    const collect =
      scoring.sum === 'products' ? rows.memory!.exports.collectProducts : rows.memory!.exports.collectDifferences;
    const found: number[] = [];
    eachChunk(rows, allowed, at, (chunk, bias, count, first) => {
      const { dimension } = rows;
      const scale = rows.address(chunk, 'scale');
      const from = at.out / 4;
      const chunkAt = rows.address(chunk);
      const length = collect(chunkAt, bias, scale, at.list, count, first, dimension, at.queries, upward, at.out, 0);
      for (let i = 0; i < length; i++) found.push(rows.memory!.view().i32[from + i]!);
    });
    return Uint32Array.from(found);
  }
}
