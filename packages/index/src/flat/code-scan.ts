import { LANES, type FlatMemory } from './flat-memory.ts';
import { codedQuery, codesOf, type CodedQuery, type CodedRowsFacts } from './code-scoring.ts';
import type { FlatScan, ScanOptions } from './flat-store.ts';
import { certainRows, heapPlaces } from './kept-rows.ts';
import type { LiveSlots } from './live-slots.ts';
import { writeScan } from './scan-parts.ts';

/** Queries a tile of the kernel. */
const TILE = 5;
const HEAD_BYTES = 32;
const MOST_QUERIES = 1000;
const SCRATCH_BYTES = 16 * 1024 * 1024;
/** A part of a usual L2, so that codes stay there while every tile of queries passes over them. */
const BLOCK_BYTES = 128 * 1024;
/** Rows looked through at a time when all within a score are wanted. */
const COLLECTED_GROUPS = 4096;

/** Where codes lie, and what they mean: the regions of the memory are rows, codes, bias, scale and error. */
export interface CodedRows {
  readonly memory: FlatMemory;
  readonly live: LiveSlots;
  readonly dimension: number;
  readonly metric: string;
  readonly kind: number;
  readonly facts: CodedRowsFacts;
}

/** Finds, for each query, rows among which its closest are certain to be: those that codes cannot rule out, by their scores in float64. */
export class CodeScan implements FlatScan {
  readonly blockSize: number;
  readonly #store: CodedRows;
  readonly #options: ScanOptions;
  readonly #kept: number | undefined;

  constructor(store: CodedRows, options: ScanOptions) {
    this.#store = store;
    this.#options = options;
    const { places, within } = options;
    this.#kept = heapPlaces(places, within, 3 + (places >> 4));
    const queryBytes = store.dimension * 8 + codesOf(store.dimension) * 2 + HEAD_BYTES + (this.#kept ?? 0) * 12;
    this.blockSize = Math.min(MOST_QUERIES, Math.max(1, Math.floor(SCRATCH_BYTES / (TILE * queryBytes))) * TILE);
  }

  /** Codes of a row. */
  get #width(): number {
    return codesOf(this.#store.facts.coded.length);
  }

  candidates(vectors: readonly Float32Array[]): (ArrayLike<number> | undefined)[] {
    const { radius } = this.#options;
    const { metric, facts } = this.#store;
    const queries = vectors.map((vector) => codedQuery(metric, vector, facts));
    const kept = this.#kept;
    if (kept !== undefined) return this.#best(queries, kept);
    return queries.map((query) => {
      if (!query.fair || radius === Infinity) return undefined;
      const score = query.scoreOf(radius);
      return this.#collect(query, score + 2 * query.error(score));
    });
  }

  #best(queries: readonly CodedQuery[], kept: number): (ArrayLike<number> | undefined)[] {
    const { memory } = this.#store;
    const tiles = queries.length === 1 ? 0 : Math.ceil(queries.length / TILE);
    const heaps = Math.max(1, tiles * TILE);
    const at = this.#layOut(heaps, kept);
    const { f64, u32 } = memory.views;
    f64.fill(-Infinity, at.scores / 8, at.scores / 8 + heaps * kept); // places of queries that are not there take nothing
    f64.fill(Infinity, at.scores / 8, at.scores / 8 + queries.length * kept);
    this.#writeQueries(at, queries, tiles);
    const { mask: _, exact: __, ...parts } = at;
    memory.exports.scanCodes(this.#writeScan(at.mask, { ...parts, tiles, kept }));
    const results = queries.map((query, i) => {
      if (!query.fair) return undefined;
      const [from, first] = [at.scores / 8 + i * kept, at.found / 4 + i * kept];
      const [scores, slots] = [f64.slice(from, from + kept), u32.slice(first, first + kept)];
      return certainRows(scores, slots, this.#options.places, query.error);
    });
    return results.map((slots, i) => (typeof slots === 'number' ? this.#collect(queries[i]!, slots) : slots));
  }

  /** Slots of every row whose score can be at most `limit`. */
  #collect(query: CodedQuery, limit: number): ArrayLike<number> {
    const { memory, live } = this.#store;
    if (!(limit > -Infinity)) return [];
    const groups = Math.ceil(live.count / LANES);
    const at = this.#layOut(1, 0, COLLECTED_GROUPS * LANES * 4);
    this.#writeQueries(at, [query], 0);
    const scan = this.#writeScan(at.mask, { queries: at.queries, heads: at.heads });
    const slots: number[] = [];
    for (let begin = 0; begin < groups; begin += COLLECTED_GROUPS) {
      const end = Math.min(groups, begin + COLLECTED_GROUPS);
      const count = memory.exports.collectCodes(scan, begin, end, Math.min(limit, Number.MAX_VALUE), at.found);
      for (let i = 0; i < count; i++) slots.push(memory.views.u32[at.found / 4 + i]!);
    }
    return slots;
  }

  #layOut(
    heaps: number,
    kept: number,
    collected = 0,
  ): Record<'queries' | 'exact' | 'heads' | 'scores' | 'found' | 'mask', number> {
    const { memory, dimension, live } = this.#store;
    const [queries, exact, heads, scores, found, mask] = memory.scratch(
      heaps * codesOf(dimension) * 2,
      heaps * dimension * 8,
      heaps * HEAD_BYTES,
      heaps * kept * 8,
      Math.max(heaps * kept * 4, collected),
      live.bits.byteLength,
    ) as [number, number, number, number, number, number];
    return { queries, exact, heads, scores, found, mask };
  }

  #writeQueries(
    at: { queries: number; exact: number; heads: number },
    queries: readonly CodedQuery[],
    tiles: number,
  ): void {
    const { dimension, memory } = this.#store;
    const { i16, i32, f32, f64 } = memory.views;
    const width = this.#width;
    const heaps = Math.max(1, tiles * TILE);
    i16.fill(0, at.queries / 2, at.queries / 2 + heaps * width);
    f64.fill(0, at.heads / 8, at.heads / 8 + heaps * 4);
    const stride = tiles === 0 ? 2 : 2 * TILE; // from pair to pair
    queries.forEach(({ exact, codes, factor, shift, step, reach }, i) => {
      const to = at.queries / 2 + Math.floor(i / TILE) * TILE * width + (i % TILE) * 2;
      for (let j = 0; j < codes.length; j++) i16[to + (j >> 1) * stride + (j & 1)] = codes[j]!;
      const own = at.exact + i * dimension * 8;
      f64.set(exact, own / 8);
      const head = at.heads + i * HEAD_BYTES;
      f64[head / 8] = factor;
      f64[head / 8 + 1] = shift;
      i32[head / 4 + 4] = own;
      f32[head / 4 + 5] = step;
      f32[head / 4 + 6] = reach;
    });
  }

  #writeScan(mask: number, parts: Parameters<typeof writeScan>[1]): number {
    const { dimension, memory, live, kind } = this.#store;
    live.writeMask(this.#options.allowed, memory.views.u32, mask / 4);
    const groupBytes = LANES * this.#width;
    return writeScan(memory, {
      groups: memory.at(1),
      groupBytes,
      bias: memory.at(2),
      scale: memory.at(3),
      error: memory.at(4),
      rows: memory.at(0),
      mask,
      groupCount: Math.ceil(live.count / LANES),
      blockGroups: Math.max(1, Math.floor(BLOCK_BYTES / groupBytes)),
      dimension,
      kind,
      ...parts,
    });
  }
}
