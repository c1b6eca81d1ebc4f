import { Closest } from '../closest.ts';
import type { EngineHits, EngineSearchOptions } from '../contract.ts';
import { findAmong } from './find-among.ts';
import type { IvfStore, Trained } from './ivf-store.ts';
import { Pace } from './pace.ts';
import { type SearchBlock, TOGETHER } from './search-block.ts';
import { SearchContexts } from './search-contexts.ts';
import { planSearch, type SearchPlan } from './search-plan.ts';

/** Queries from which on lists are looked at for several together. */
const LEAST_TOGETHER = 8;

/** Searches a store. One search at a time. */
export class IvfSearch {
  readonly #store: IvfStore;
  readonly #order: (slot: number) => number;
  readonly #root: number;
  readonly #contexts: SearchContexts;
  #closest: Closest | undefined;

  constructor(store: IvfStore, order: (slot: number) => number) {
    this.#store = store;
    this.#order = order;
    this.#root = Number(store.metric === 'euclidean');
    this.#contexts = new SearchContexts(store);
  }

  /** @param probes Lists to look at; undefined to look at every row */
  run(
    queries: Float32Array,
    options: EngineSearchOptions,
    probes: number | undefined,
  ): EngineHits | Promise<EngineHits> {
    const { radius, signal } = options;
    const store = this.#store;
    const { dimension } = store.shape;
    const { memory } = store;
    const count = queries.length / dimension;
    const plan = planSearch(store, options.k, probes, options.allowed);
    const { places } = plan;
    const hits: EngineHits = {
      k: places,
      counts: new Uint32Array(count),
      slots: new Uint32Array(count * places),
      distances: new Float64Array(count * places).fill(Infinity),
    };
    if (places === 0) return hits;
    const bits = this.#contexts.allow(plan, options.allowed);
    const closest = this.#closest?.k === places ? this.#closest : (this.#closest = new Closest(places, this.#order));
    const take = (i: number, found: number): void => {
      const { u32, f64 } = memory.views;
      const { slots, distances } = this.#contexts.one!;
      for (let j = 0; j < found; j++) {
        const distance = f64[distances / 8 + j]!;
        if (distance <= radius) closest.offer(distance, u32[slots / 4 + j]!);
      }
      hits.counts[i] = closest.take(hits.distances, hits.slots, i * places);
    };
    const block = !plan.every && !bits && count >= LEAST_TOGETHER ? this.#contexts.together() : undefined;
    const answer = (begin: number): number => {
      if (block) return this.#answerTogether(block, queries, begin, plan, take);
      const query = count === 1 ? queries : queries.subarray(begin * dimension, (begin + 1) * dimension);
      take(
        begin,
        plan.every ? findAmong(store, this.#contexts, query, plan, this.#root) : this.#approximate(query, plan),
      );
      return begin + 1;
    };
    const end = (): void => {
      if (bits) memory.free(bits.at, bits.bytes);
    };
    if (signal) return this.#paced(count, answer, signal, hits).finally(end);
    try {
      for (let i = 0; i < count; i = answer(i));
    } finally {
      end();
    }
    return hits;
  }

  /** @param answer Answers some queries from a number on; returns the number of the next */
  async #paced(
    count: number,
    answer: (i: number) => number,
    signal: AbortSignal,
    hits: EngineHits,
  ): Promise<EngineHits> {
    const pace = new Pace(signal);
    for (let i = 0; i < count; i = answer(i)) await pace.pause();
    return hits;
  }

  #answerTogether(
    block: SearchBlock,
    queries: Float32Array,
    begin: number,
    plan: SearchPlan,
    take: (i: number, found: number) => void,
  ): number {
    const { memory, shape, trained } = this.#store;
    const { dimension } = shape;
    const { layout, partitions } = trained!.model;
    const end = Math.min(queries.length / dimension, begin + TOGETHER);
    block.scan(queries.subarray(begin * dimension, end * dimension), plan.probes, plan.wanted);
    for (let i = begin; i < end; i++) {
      let found = memory.exports.endSearch(layout, block.context(i - begin), plan.keep, this.#root);
      if (found < plan.places && plan.probes < partitions) {
        found = this.#approximate(queries.subarray(i * dimension, (i + 1) * dimension), plan);
      }
      take(i, found);
    }
    return end;
  }

  /** Finds rows by lists; returns how many, at least as many as there are places. */
  #approximate(query: Float32Array, { places, probes, wanted, keep }: SearchPlan): number {
    const { memory, trained } = this.#store;
    const { layout, partitions } = (trained as Trained).model;
    const context = this.#contexts.one!;
    memory.views.f32.set(query, context.query / 4);
    for (let looked = probes; ; looked = Math.min(partitions, looked * 4)) {
      const found = memory.exports.search(layout, context.at, looked, wanted, keep, this.#root);
      if (found >= places || looked === partitions) return found;
    }
  }
}
