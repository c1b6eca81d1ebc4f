import { checkAborted } from '@simile/core/errors';
import type { VectorDistance } from '@simile/distances/vectors';
import { Closest } from '../closest.ts';
import type { EngineHits, EngineSearchOptions, SearchEngine, SearchEngineOptions } from '../contract.ts';
import type { FlatKernel } from './flat-kernel.ts';
import { FlatRows } from './flat-rows.ts';
import { FlatScan } from './flat-scan.ts';
import type { FlatScoring } from './flat-scoring.ts';
import { countSlots, eachSlot } from '../slot-bits.ts';

/** Rows copied to the kernel at a time. */
const BATCH = 1024;
/** Queries compared at a time without a kernel. */
const PLAIN_BLOCK = 64;

/** The engine that `flatEngine` makes. */
export class FlatSearchEngine implements SearchEngine {
  readonly name: string;
  readonly #options: SearchEngineOptions;
  readonly #kernel: FlatKernel;
  readonly #scoring: FlatScoring | undefined;
  readonly #distance: VectorDistance;
  #rows: FlatRows;
  /** Length of the longest row since the last clear. */
  #longest = 0;

  constructor(
    options: SearchEngineOptions,
    kernel: FlatKernel,
    scoring: FlatScoring | undefined,
    distance: VectorDistance,
  ) {
    this.#options = options;
    this.#kernel = kernel;
    this.#scoring = scoring;
    this.#distance = distance;
    this.#rows = new FlatRows(options.dimension, kernel);
    this.name = kernel.module ? `flat (wasm ${kernel.name})` : 'flat (scalar)';
  }

  get size(): number {
    return this.#rows.size;
  }

  get bytes(): number {
    return this.#rows.bytes;
  }

  set(slots: Uint32Array, rows: Float32Array): void {
    const { dimension } = this.#options;
    const store = this.#rows;
    store.reserve(slots.reduce((most, slot) => Math.max(most, slot + 1), 0));
    const rowsAt = store.memory?.scratch(Math.min(BATCH, slots.length) * dimension * 4) ?? 0;
    for (let begin = 0; begin < slots.length; begin += BATCH) {
      const count = Math.min(BATCH, slots.length - begin);
      const batch = rows.subarray(begin * dimension, (begin + count) * dimension);
      store.memory?.view().f32.set(batch, rowsAt / 4);
      for (let i = 0; i < count; i++) {
        const { mean, square } = moments(batch, i * dimension, dimension);
        this.#longest = Math.max(this.#longest, Math.sqrt(square));
        const terms = this.#scoring?.terms(mean, square, dimension) ?? { bias: 0, scale: 0 };
        store.put(slots[begin + i]!, batch, i, rowsAt, terms);
      }
    }
  }

  remove(slots: Uint32Array): void {
    for (const slot of slots) this.#rows.free(slot);
  }

  row(slot: number): Float32Array {
    return this.#rows.read(slot, new Float32Array(this.#options.dimension));
  }

  clear(): void {
    this.#rows = new FlatRows(this.#options.dimension, this.#kernel);
    this.#longest = 0;
  }

  async search(queries: Float32Array, { k, radius, allowed, signal }: EngineSearchOptions): Promise<EngineHits> {
    const { dimension, order } = this.#options;
    const count = queries.length / dimension;
    const within = allowed ? countSlots(this.#rows.live, allowed) : this.size;
    const places = Math.min(k, within);
    const hits = {
      k: places,
      counts: new Uint32Array(count),
      slots: new Uint32Array(count * places),
      distances: new Float64Array(count * places).fill(Infinity),
    };
    if (places === 0) return hits;
    const scan =
      this.#kernel.module &&
      new FlatScan({
        rows: this.#rows,
        scoring: this.#scoring!,
        longest: this.#longest,
        places,
        within,
        radius,
        allowed,
      });
    const block = scan?.blockSize ?? PLAIN_BLOCK;
    const row = new Float32Array(dimension);
    for (let begin = 0; begin < count; begin += block) {
      if (signal && begin > 0) await new Promise((resolve) => setTimeout(resolve)); // lets an abort arrive
      checkAborted('index', signal);
      const vectors = Array.from({ length: Math.min(block, count - begin) }, (_, i) =>
        queries.subarray((begin + i) * dimension, (begin + i + 1) * dimension),
      );
      const closest = vectors.map(() => new Closest(places, order));
      const offer = (i: number, slot: number): void => {
        const distance = this.#distance(vectors[i]!, row);
        if (distance <= radius) closest[i]!.offer(distance, slot);
      };
      const candidates = scan?.candidates(vectors);
      const all: number[] = []; // queries that any row may be close to
      for (let i = 0; i < vectors.length; i++) {
        const slots = candidates?.[i];
        if (!slots) all.push(i);
        else {
          for (const slot of slots) {
            this.#rows.read(slot, row);
            offer(i, slot);
          }
        }
      }
      if (all.length > 0) {
        eachSlot(this.#rows.live, allowed, (slot) => {
          this.#rows.read(slot, row);
          for (const i of all) offer(i, slot);
        });
      }
      closest.forEach((kept, i) => {
        hits.counts[begin + i] = kept.take(hits.distances, hits.slots, (begin + i) * places);
      });
    }
    return hits;
  }
}

function moments(rows: Float32Array, at: number, dimension: number): { mean: number; square: number } {
  let sum = 0;
  let square = 0;
  for (let j = at; j < at + dimension; j++) {
    const value = rows[j]!;
    sum += value;
    square += value * value;
  }
  return { mean: sum / dimension, square };
}
