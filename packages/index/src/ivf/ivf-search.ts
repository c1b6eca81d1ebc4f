import { checkAborted } from '@simile/core/errors';
import type { EngineHits, EngineSearchOptions } from '../contract.ts';
import type { LateRows } from '../late-rows.ts';
import { findAmong } from './find-among.ts';
import type { IvfStore, Trained } from './ivf-store.ts';
import { Pace } from './pace.ts';
import { SearchContexts } from './search-contexts.ts';
import { planSearch, type SearchPlan } from './search-plan.ts';
import { SearchRequest } from './search-request.ts';
import { emptyHits, TakenHits } from './taken-hits.ts';

/** Queries from which on lists are looked at for several together. */
export const LEAST_TOGETHER = 8;

/** What a search may need while rows are still on their way: places for hits, and rows wanted of the scan. */
const LATE = { keep: 1024, wanted: 8192 } as const;

/** Searches a store. One search at a time. */
export class IvfSearch {
  readonly #store: IvfStore;
  readonly #root: number;
  readonly #contexts: SearchContexts;
  readonly #taken: TakenHits;

  constructor(store: IvfStore, order: (slot: number) => number) {
    this.#store = store;
    this.#root = Number(store.metric === 'euclidean');
    this.#contexts = new SearchContexts(store);
    this.#taken = new TakenHits(store.memory, order);
  }

  /**
   * At once where one thread does it and nothing can stop it.
   *
   * @param probes Lists to look at; undefined to look at every row
   */
  run(
    queries: Float32Array,
    options: EngineSearchOptions,
    probes: number | undefined,
  ): EngineHits | Promise<EngineHits> {
    const { radius, signal } = options;
    const store = this.#store;
    const { memory, crew } = store;
    const count = queries.length / store.shape.dimension;
    const plan = planSearch(store, options.k, probes, options.allowed);
    const { places } = plan;
    const hits = emptyHits(count, places);
    if (places === 0) return hits;
    const bits = this.#contexts.allow(plan, options.allowed);
    let request: SearchRequest | undefined;
    const end = (): void => {
      request?.free();
      if (bits) memory.free(bits.at, bits.bytes);
    };
    const answer = (begin: number): number | Promise<number> =>
      request
        ? this.#answerMany(request, queries, begin, plan, hits, radius)
        : this.#answerOne(queries, begin, plan, hits, radius);
    let isPaced = false;
    try {
      if (!plan.every && count >= LEAST_TOGETHER && this.#contexts.together(plan)) {
        request = new SearchRequest(store, count, plan, bits, this.#root);
      }
      isPaced = signal !== undefined || (request !== undefined && crew.threads.count > 1);
      if (isPaced) return paced(count, answer, signal, hits).finally(end);
      for (let i = 0; i < count; i = answer(i) as number);
    } finally {
      if (!isPaced) end();
    }
    return hits;
  }

  /** Makes all room that searches among late rows need; then the memory must not grow. */
  prepareLate(): void {
    this.#contexts.prepare(LATE.keep, LATE.wanted);
  }

  /** Answers one query while most float32 rows are not there; undefined where it needs them, or more memory. */
  runLate(
    query: Float32Array,
    options: EngineSearchOptions,
    probes: number | undefined,
    late: LateRows,
  ): EngineHits | undefined {
    const { memory, shape, trained } = this.#store;
    const plan = planSearch(this.#store, options.k, probes, options.allowed);
    const { places, keep, wanted } = plan;
    if (query.length !== shape.dimension || options.allowed || plan.every || places === 0) return undefined;
    if (keep > LATE.keep || wanted > LATE.wanted) return undefined;
    checkAborted('index', options.signal);
    const hits = emptyHits(1, places);
    const context = this.#contexts.one!;
    const found = this.#approximate(query, plan); // distances of rows that are not there, so only which they are counts
    late.fetch(memory.views.u32.slice(context.slots / 4, context.slots / 4 + found));
    const measured = memory.exports.finish(trained!.model.layout, context.at, this.#root);
    this.#taken.inAnyOrder(hits, 0, context, measured, options.radius);
    return hits;
  }

  /** Answers some queries from a number on; returns the number of the next. */
  #answerMany(
    request: SearchRequest,
    queries: Float32Array,
    begin: number,
    plan: SearchPlan,
    hits: EngineHits,
    radius: number,
  ): number | Promise<number> {
    const { shape, trained } = this.#store;
    const { dimension } = shape;
    const end = Math.min(queries.length / dimension, begin + request.block);
    const take = (): number => {
      for (let i = begin; i < end; i++) {
        const found = request.found(i - begin);
        if (found < plan.places && plan.probes < trained!.model.partitions) {
          this.#answerOne(queries, i, plan, hits, radius);
        } else this.#taken.inOrder(hits, i, request.at(i - begin), found, radius);
      }
      return end;
    };
    const done = request.answer(queries.subarray(begin * dimension, end * dimension));
    return done ? done.then(take) : take();
  }

  #answerOne(queries: Float32Array, i: number, plan: SearchPlan, hits: EngineHits, radius: number): number {
    const { dimension } = this.#store.shape;
    const query = queries.length === dimension ? queries : queries.subarray(i * dimension, (i + 1) * dimension);
    if (plan.every) {
      const found = findAmong(this.#store, this.#contexts, query, plan, this.#root);
      this.#taken.inAnyOrder(hits, i, this.#contexts.one!, found, radius);
    } else {
      const found = this.#approximate(query, plan);
      this.#taken.inOrder(hits, i, this.#contexts.one!, found, radius);
    }
    return i + 1;
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

/** @param answer Answers some queries from a number on; returns the number of the next */
async function paced(
  count: number,
  answer: (i: number) => number | Promise<number>,
  signal: AbortSignal | undefined,
  hits: EngineHits,
): Promise<EngineHits> {
  const pace = new Pace(signal);
  for (let i = 0; i < count; i = await answer(i)) await pace.pause();
  return hits;
}
