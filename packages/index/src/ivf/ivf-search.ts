import { SimileError } from '@simile/core/errors';
import { Closest } from '../closest.ts';
import type { EngineHits, EngineSearchOptions } from '../contract.ts';
import { countSlots, eachSlot } from '../slot-bits.ts';
import { lengthOf, scoreError } from './exact-bound.ts';
import { IvfContext } from './ivf-context.ts';
import { defaultRerank } from './ivf-options.ts';
import type { IvfStore, Trained } from './ivf-store.ts';
import { Pace } from './pace.ts';
import { SearchBlock, TOGETHER } from './search-block.ts';

/** Slots looked at by one call of the kernel. */
const LISTED = 65536;
/** Allowed rows up to which every one is looked at, and their share of all from which on lists are no gain. */
const FEW = 2000;
const SELECTIVE = 1 / 50;
/** Neighbours wanted, as a share of all, from which on every row is looked at. */
const MANY = 1 / 20;

/** Queries from which on lists are looked at for several together. */
const LEAST_TOGETHER = 8;

/** One call of search: what it needs besides the query. */
interface Plan {
  readonly places: number;
  /** Rows that may be returned. */
  readonly within: number;
  readonly probes: number;
  readonly wanted: number;
  readonly keep: number;
  /** Slots to look at, every one; undefined to look by lists. */
  readonly every: Uint32Array | undefined;
}

/** Searches a store. One search at a time. */
export class IvfSearch {
  readonly #store: IvfStore;
  readonly #order: (slot: number) => number;
  readonly #root: number;
  #context: IvfContext | undefined;
  #closest: Closest | undefined;
  #block: SearchBlock | undefined;
  /** Whether the kernel was told of a filter. */
  #filtered = false;

  constructor(store: IvfStore, order: (slot: number) => number) {
    this.#store = store;
    this.#order = order;
    this.#root = Number(store.metric === 'euclidean');
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
    const { memory, rows } = store;
    const count = queries.length / dimension;
    const within = options.allowed ? countSlots(rows.live, options.allowed) : rows.size;
    const places = Math.min(options.k, within);
    const hits: EngineHits = {
      k: places,
      counts: new Uint32Array(count),
      slots: new Uint32Array(count * places),
      distances: new Float64Array(count * places).fill(Infinity),
    };
    if (places === 0) return hits;
    const plan = this.#plan(places, within, probes, options.allowed);
    const bits = this.#allow(plan, options.allowed);
    const closest = this.#closest?.k === places ? this.#closest : (this.#closest = new Closest(places, this.#order));
    const take = (i: number, found: number): void => {
      const { u32, f64 } = memory.views;
      const { slots, distances } = this.#context!;
      for (let j = 0; j < found; j++) {
        const distance = f64[distances / 8 + j]!;
        if (distance <= radius) closest.offer(distance, u32[slots / 4 + j]!);
      }
      hits.counts[i] = closest.take(hits.distances, hits.slots, i * places);
    };
    const block = !plan.every && !bits && count >= LEAST_TOGETHER ? this.#together() : undefined;
    const answer = (begin: number): number => {
      if (block) return this.#answerTogether(block, queries, begin, plan, take);
      const query = count === 1 ? queries : queries.subarray(begin * dimension, (begin + 1) * dimension);
      take(begin, plan.every ? this.#exact(query, plan) : this.#approximate(query, plan));
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

  /** Contexts for many queries; undefined when there is no memory for them. */
  #together(): SearchBlock | undefined {
    if (this.#block?.beside === this.#context) return this.#block;
    this.#block?.free();
    this.#block = undefined;
    try {
      this.#block = new SearchBlock(this.#store, this.#context!);
    } catch (error) {
      if (!SimileError.is(error)) throw error;
    }
    return this.#block;
  }

  #answerTogether(
    block: SearchBlock,
    queries: Float32Array,
    begin: number,
    plan: Plan,
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

  #plan(places: number, within: number, effort: number | undefined, allowed: Uint32Array | undefined): Plan {
    const { rows, trained, options } = this.#store;
    const selective = allowed !== undefined && within <= Math.max(FEW, rows.size * SELECTIVE);
    const every = !trained || effort === undefined || selective || places > rows.size * MANY;
    const partitions = trained?.model.partitions ?? 1;
    // Fewer rows to choose from are farther away, in more lists.
    const probes = Math.min(partitions, Math.ceil((effort ?? 1) * Math.sqrt(rows.size / within)));
    const keep = Math.min(within, places + 6 + (places >> 2));
    const wanted = Math.max(keep, options.rerank ?? defaultRerank(places, probes));
    return { places, within, probes, wanted, keep, every: every ? this.#slots(allowed, within) : undefined };
  }

  #slots(allowed: Uint32Array | undefined, within: number): Uint32Array {
    const slots = new Uint32Array(within);
    let count = 0;
    eachSlot(this.#store.rows.live, allowed, (slot) => (slots[count++] = slot));
    return slots;
  }

  /** Tells the kernel which slots may be returned. */
  #allow(plan: Plan, allowed: Uint32Array | undefined): { at: number; bytes: number } | undefined {
    this.#prepare(plan.keep, plan.wanted);
    const { memory } = this.#store;
    const context = this.#context!;
    if (!allowed || plan.every) {
      if (this.#filtered) memory.write(context.at, { allowed: 0, allowedWords: 0 }, true);
      this.#filtered = false;
      return undefined;
    }
    this.#filtered = true;
    const at = memory.allocate(allowed.byteLength);
    memory.views.u32.set(allowed, at / 4);
    memory.write(context.at, { allowed: at, allowedWords: allowed.length }, true);
    return { at, bytes: allowed.byteLength };
  }

  /** Sees that the context is large enough. */
  #prepare(keep: number, wanted: number): void {
    const { memory, shape, trained } = this.#store;
    const partitions = trained?.model.partitions ?? 1;
    if (this.#context?.holds(partitions, keep, wanted)) return;
    this.#context?.free();
    this.#context = undefined;
    const sizes = { partitions, keep: Math.max(64, keep), wanted: Math.max(256, wanted) };
    this.#context = new IvfContext(memory, shape, sizes);
  }

  /** Finds rows by lists; returns how many, at least as many as there are places. */
  #approximate(query: Float32Array, { places, probes, wanted, keep }: Plan): number {
    const { memory, trained } = this.#store;
    const { layout, partitions } = (trained as Trained).model;
    const context = this.#context!;
    memory.views.f32.set(query, context.query / 4);
    for (let looked = probes; ; looked = Math.min(partitions, looked * 4)) {
      const found = memory.exports.search(layout, context.at, looked, wanted, keep, this.#root);
      if (found >= places || looked === partitions) return found;
    }
  }

  /** Looks at every slot listed, in float32 and then, for all that may be among the closest, in float64. */
  #exact(query: Float32Array, { places, within, every }: Plan): number {
    const { memory, shape, longest } = this.#store;
    const error = scoreError(shape.metric, query, longest);
    const layout = this.#store.layout;
    // Without a bound every row is worked out in float64.
    let keep = error(0) < Infinity ? Math.min(within, places + 8 + (places >> 3)) : within;
    const list = memory.allocate(Math.min(LISTED, within) * 4);
    try {
      for (; ; keep = Math.min(within, keep * 4)) {
        this.#prepare(keep, 1);
        const context = this.#context!;
        memory.views.f32.set(query, context.query / 4);
        memory.write(context.at, { kept: 0 }, true);
        for (let begin = 0; begin < within; begin += LISTED) {
          const some = every!.subarray(begin, begin + LISTED);
          memory.views.u32.set(some, list / 4);
          memory.exports.rankSlots(layout, context.at, list, some.length, keep);
        }
        const found = memory.exports.finish(layout, context.at, this.#root);
        if (keep === within) return found;
        const last = this.#score(places - 1);
        if (this.#score(keep - 1) > last + 2 * error(last)) return found;
      }
    } finally {
      memory.free(list, Math.min(LISTED, within) * 4);
    }
  }

  /** Score of a row of the sorted heap: the upper half of its key, an unsigned number in the order of float32. */
  #score(place: number): number {
    const key = this.#store.memory.views.u32[this.#context!.heap / 4 + 2 * place + 1]!;
    bits[0] = key >= 0x80000000 ? key ^ 0x80000000 : ~key;
    return new Float32Array(bits.buffer)[0]!;
  }
}

const bits = new Uint32Array(1);

/** Length of the longest of rows `[n, dimension]`, `least` at least. */
export function longestOf(rows: Float32Array, dimension: number, least: number): number {
  let longest = least;
  for (let at = 0; at < rows.length; at += dimension) {
    longest = Math.max(longest, lengthOf(rows.subarray(at, at + dimension)));
  }
  return longest;
}
