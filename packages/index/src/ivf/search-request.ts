import type { IvfStore } from './ivf-store.ts';
import { TOGETHER } from './search-block.ts';
import type { SearchPlan } from './search-plan.ts';

/** Chunks for each thread at a time where there are several: answers are taken over while no thread works. */
const CHUNKS = 16;
const REQUEST_BYTES = 64;

/** Many searches of one kind, some at a time, on all threads: the kernel's Request, and room for queries and answers. */
export class SearchRequest {
  /** Queries at a time. */
  readonly block: number;
  readonly #store: IvfStore;
  readonly #at: number;
  readonly #request: number;
  readonly #bytes: number;
  readonly #keep: number;
  readonly #places: {
    readonly queries: number;
    readonly counts: number;
    readonly slots: number;
    readonly distances: number;
  };

  /**
   * @param count Queries in all
   * @param bits Of slots that may be returned, in the kernel's memory
   * @throws `ERR_MEMORY`
   */
  constructor(
    store: IvfStore,
    count: number,
    plan: SearchPlan,
    bits: { readonly at: number; readonly bytes: number } | undefined,
    root: number,
  ) {
    const { memory, shape, crew } = store;
    const { count: threads } = crew.threads;
    const { keep, probes, wanted } = plan;
    const block = Math.min(count, TOGETHER * (threads > 1 ? CHUNKS * threads : 1));
    this.block = block;
    this.#store = store;
    this.#keep = keep;
    const sizes = [block * keep * 8, REQUEST_BYTES, block * shape.dimension * 4, block * 4, block * keep * 4];
    this.#bytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
    let at = memory.allocate(this.#bytes);
    const [distances, request, queries, counts, slots] = sizes.map((bytes) => (at += bytes) - bytes) as [
      ...[number, number, number, number, number],
    ];
    this.#places = { queries, counts, slots, distances };
    this.#at = distances;
    this.#request = request;
    const allowed = { allowed: bits?.at ?? 0, allowedWords: (bits?.bytes ?? 0) / 4 };
    memory.write('request', request, { ...this.#places, ...allowed, probes, wanted, keep, root });
  }

  /** Answers queries `[n, dimension]`, {@link block} at most: at once where there is one thread. */
  answer(queries: Float32Array): void | Promise<void> {
    const { memory, shape, crew, trained } = this.#store;
    const { threads } = crew;
    const count = queries.length / shape.dimension;
    memory.views.f32.set(queries, this.#places.queries / 4);
    const chunk = Math.min(TOGETHER, Math.max(8, Math.ceil(count / (threads.count * 8))));
    return threads.run('searchMany', [trained!.model.layout, this.#request], { count, chunk });
  }

  /** Rows found for query `i` of those answered last. */
  found(i: number): number {
    return this.#store.memory.views.u32[this.#places.counts / 4 + i]!;
  }

  /** Address of the slots found for query `i`, and of their distances. */
  at(i: number): { readonly slots: number; readonly distances: number } {
    const { slots, distances } = this.#places;
    return { slots: slots + i * this.#keep * 4, distances: distances + i * this.#keep * 8 };
  }

  free(): void {
    this.#store.memory.free(this.#at, this.#bytes);
  }
}
