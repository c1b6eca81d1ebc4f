import type { FlatScan, ScanOptions } from './flat-store.ts';
import { LANES, type FlatMemory } from './flat-memory.ts';
import { certainRows, heapPlaces } from './kept-rows.ts';
import type { LiveSlots } from './live-slots.ts';
import { writeScan } from './scan-parts.ts';
import type { ScoredQuery, ValueScoring } from './value-scoring.ts';

/** Queries a tile of the kernel. */
const TILE = 4;
const MOST_QUERIES = 1024;
const SCRATCH_BYTES = 16 * 1024 * 1024;
/** A quarter of a usual L2, so that rows stay there while every tile of queries passes over them. */
const BLOCK_BYTES = 256 * 1024;
/** Rows looked through at a time when all within a score are wanted. */
const COLLECTED_GROUPS = 4096;

/** Where values lie: the regions of the memory are rows, bias and scale. */
export interface ValuedRows {
  readonly memory: FlatMemory;
  readonly live: LiveSlots;
  readonly dimension: number;
}

/** Finds, for each query, rows among which its closest are certain to be, by scores in float32 and a bound on their error. */
export class ValueScan implements FlatScan {
  readonly blockSize: number;
  readonly #store: ValuedRows;
  readonly #scoring: ValueScoring;
  readonly #longest: number;
  readonly #options: ScanOptions;
  readonly #kept: number | undefined;

  constructor(store: ValuedRows, scoring: ValueScoring, longest: number, options: ScanOptions) {
    this.#store = store;
    this.#scoring = scoring;
    this.#longest = longest;
    this.#options = options;
    const { places, within } = options;
    this.#kept = heapPlaces(places, within, 8 + (places >> 3));
    const tileBytes = TILE * (store.dimension * 4 + (this.#kept ?? 0) * 8);
    this.blockSize = Math.min(MOST_QUERIES, Math.max(1, Math.floor(SCRATCH_BYTES / tileBytes)) * TILE);
  }

  candidates(vectors: readonly Float32Array[]): (ArrayLike<number> | undefined)[] {
    const { radius } = this.#options;
    const queries = vectors.map((vector) => this.#scoring.query(vector, this.#longest));
    const kept = this.#kept;
    if (kept !== undefined) return this.#best(queries, kept);
    return queries.map((query) => {
      if (query.error(0) === Infinity || radius === Infinity) return undefined;
      const score = query.scoreOf(radius);
      return this.#collect(query, score + 2 * query.error(Math.max(0, score)));
    });
  }

  #best(queries: readonly ScoredQuery[], kept: number): (ArrayLike<number> | undefined)[] {
    const { dimension, memory } = this.#store;
    const tiles = queries.length === 1 ? 0 : Math.ceil(queries.length / TILE);
    const heaps = Math.max(1, tiles * TILE);
    const sizes = [heaps * dimension * 4, heaps * kept * 4, heaps * kept * 4, this.#store.live.bits.byteLength];
    const [values, scores, found, mask] = memory.scratch(...sizes) as [number, number, number, number];
    const { f32, u32 } = memory.views;
    const stride = tiles === 0 ? 1 : TILE;
    queries.forEach((query, i) => {
      let to = values / 4 + Math.floor(i / TILE) * TILE * dimension + (i % TILE);
      for (let j = 0; j < dimension; j++, to += stride) f32[to] = query.values[j]!;
    });
    f32.fill(-Infinity, scores / 4, scores / 4 + heaps * kept); // places of queries that are not there take nothing
    f32.fill(Infinity, scores / 4, scores / 4 + queries.length * kept);
    const scan = this.#write(mask, { queries: values, tiles, scores, found, kept });
    memory.exports[`scan${this.#scoring.sum}`](scan);
    const results = queries.map((query, i) => {
      if (query.error(0) === Infinity) return undefined;
      const [at, from] = [scores / 4 + i * kept, found / 4 + i * kept];
      const [ours, slots] = [f32.slice(at, at + kept), u32.slice(from, from + kept)];
      return certainRows(ours, slots, this.#options.places, query.error);
    });
    return results.map((slots, i) => (typeof slots === 'number' ? this.#collect(queries[i]!, slots) : slots));
  }

  /** Slots of every row whose score is at most `limit`. */
  #collect(query: ScoredQuery, limit: number): ArrayLike<number> {
    const { dimension, memory, live } = this.#store;
    if (!(limit > -Infinity)) return [];
    const groups = Math.ceil(live.count / LANES);
    const sizes = [dimension * 4, COLLECTED_GROUPS * LANES * 4, live.bits.byteLength];
    const [values, out, mask] = memory.scratch(...sizes) as [number, number, number];
    const { f32, u32 } = memory.views;
    f32.set(query.values, values / 4);
    const scan = this.#write(mask, { queries: values });
    const upward = limit + Math.abs(limit) * 2 ** -23 + 1e-37; // rounding to float32 must not lower it
    const collect = memory.exports[`collect${this.#scoring.sum}`];
    const slots: number[] = [];
    for (let begin = 0; begin < groups; begin += COLLECTED_GROUPS) {
      const count = collect(scan, begin, Math.min(groups, begin + COLLECTED_GROUPS), upward, out);
      for (let i = 0; i < count; i++) slots.push(u32[out / 4 + i]!);
    }
    return slots;
  }

  #write(mask: number, parts: Parameters<typeof writeScan>[1]): number {
    const { dimension, memory, live } = this.#store;
    live.writeMask(this.#options.allowed, memory.views.u32, mask / 4);
    const groupBytes = LANES * 4 * dimension;
    return writeScan(memory, {
      groups: memory.at(0),
      groupBytes,
      bias: memory.at(1),
      scale: memory.at(2),
      mask,
      groupCount: Math.ceil(live.count / LANES),
      blockGroups: Math.max(1, Math.floor(BLOCK_BYTES / groupBytes)),
      dimension,
      ...parts,
    });
  }
}
