import { checkAborted } from '@simile/core/errors';
import type { VectorDistance } from '@simile/distances/vectors';
import { Closest } from '../closest.ts';
import type {
  EngineHits,
  EngineSearchOptions,
  EngineSetOptions,
  EngineState,
  SearchEngine,
  SearchEngineOptions,
  StoredEngineState,
} from '../contract.ts';
import { countSlots, eachSlot, slotsUpTo } from '../slot-bits.ts';
import { damaged, isSameSet } from './flat-state.ts';
import type { FlatStore } from './flat-store.ts';

/** Queries compared at a time without a kernel. */
const PLAIN_BLOCK = 64;

/** The engine that `flatEngine` makes. */
export class FlatSearchEngine implements SearchEngine {
  readonly name: string;
  readonly #options: SearchEngineOptions;
  readonly #makeStore: () => FlatStore;
  readonly #distance: VectorDistance;
  #store: FlatStore;

  /** @param runsOn What the host runs: `wasm simd` */
  constructor(options: SearchEngineOptions, runsOn: string, makeStore: () => FlatStore, distance: VectorDistance) {
    this.#options = options;
    this.#makeStore = makeStore;
    this.#distance = distance;
    this.#store = makeStore();
    this.name = `flat (${runsOn})`;
  }

  get size(): number {
    return this.#store.live.size;
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  /** Undefined for rows in plain JavaScript: they are all there is. */
  get state(): (() => EngineState) | undefined {
    return this.#store.state && (() => this.#store.state!());
  }

  reserve(slots: number): void {
    this.#store.reserve(slots);
  }

  set(slots: Uint32Array, rows: Float32Array, { signal, onProgress }: Partial<EngineSetOptions> = {}): void {
    checkAborted('flat-engine', signal);
    this.#store.reserve(slotsUpTo(slots));
    this.#store.put(slots, rows);
    onProgress?.({ done: slots.length, total: slots.length });
  }

  remove(slots: Uint32Array): void {
    for (const slot of slots) this.#store.live.remove(slot);
  }

  row(slot: number): Float32Array {
    return this.#store.read(slot, new Float32Array(this.#options.dimension));
  }

  clear(): void {
    this.#store = this.#makeStore();
  }

  compact(): void {
    this.#store.compact?.();
  }

  /**
   * Goes on from a state; stays empty for one that is laid out in another way, or where there is no kernel.
   *
   * @throws `ERR_FILE`; `ERR_MEMORY`
   */
  async restore(stored: StoredEngineState, slots: Uint32Array | undefined): Promise<void> {
    const store = this.#makeStore();
    await store.restore?.(stored);
    if (slots && store.live.size > 0 && !isSameSet(store.live.bits, slots)) {
      throw damaged('slots in use must be those of the records', `${store.live.size} slots`);
    }
    this.#store = store;
  }

  async search(queries: Float32Array, { k, radius, allowed, signal }: EngineSearchOptions): Promise<EngineHits> {
    const { dimension, order } = this.#options;
    const count = queries.length / dimension;
    const { live } = this.#store;
    const within = allowed ? countSlots(live.bits, allowed) : this.size;
    const places = Math.min(k, within);
    const hits = {
      k: places,
      counts: new Uint32Array(count),
      slots: new Uint32Array(count * places),
      distances: new Float64Array(count * places).fill(Infinity),
    };
    if (places === 0) return hits;
    const scan = this.#store.scan({ places, within, radius, allowed });
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
          for (let at = 0; at < slots.length; at++) {
            this.#store.read(slots[at]!, row);
            offer(i, slots[at]!);
          }
        }
      }
      if (all.length > 0) {
        eachSlot(live.bits, allowed, (slot) => {
          this.#store.read(slot, row);
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
