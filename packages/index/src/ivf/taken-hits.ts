import { Closest } from '../closest.ts';
import type { EngineHits } from '../contract.ts';
import { orderEqual } from '../order-equal.ts';
import type { IvfMemory } from './ivf-memory.ts';

/** Addresses of rows that the kernel found. */
export interface FoundAt {
  readonly slots: number;
  readonly distances: number;
}

/** Hits of so many queries that nothing was found for yet. */
export function emptyHits(count: number, k: number): EngineHits {
  const distances = new Float64Array(count * k).fill(Infinity);
  return { k, counts: new Uint32Array(count), slots: new Uint32Array(count * k), distances };
}

/** Takes over what the kernel found, up to a radius, equal distances in the order of adding. */
export class TakenHits {
  readonly #memory: IvfMemory;
  readonly #order: (slot: number) => number;
  #closest: Closest | undefined;

  constructor(memory: IvfMemory, order: (slot: number) => number) {
    this.#memory = memory;
    this.#order = order;
  }

  /** Rows that are in order, as those of query `i`. */
  inOrder(hits: EngineHits, i: number, at: FoundAt, found: number, radius: number): void {
    const { u32, f64 } = this.#memory.views;
    const [slots, distances] = [at.slots / 4, at.distances / 8];
    orderEqual(u32, slots, f64, distances, found, this.#order);
    const { k } = hits;
    let kept = 0;
    for (const most = Math.min(k, found); kept < most; kept++) {
      const distance = f64[distances + kept]!;
      if (!(distance <= radius)) break;
      hits.distances[i * k + kept] = distance;
      hits.slots[i * k + kept] = u32[slots + kept]!;
    }
    hits.counts[i] = kept;
  }

  /** The best of rows that are in any order. */
  inAnyOrder(hits: EngineHits, i: number, at: FoundAt, found: number, radius: number): void {
    const { u32, f64 } = this.#memory.views;
    const closest = this.#closest?.k === hits.k ? this.#closest : (this.#closest = new Closest(hits.k, this.#order));
    for (let j = 0; j < found; j++) {
      const distance = f64[at.distances / 8 + j]!;
      if (distance <= radius) closest.offer(distance, u32[at.slots / 4 + j]!);
    }
    hits.counts[i] = closest.take(hits.distances, hits.slots, i * hits.k);
  }
}
