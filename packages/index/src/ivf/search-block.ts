import { IvfContext } from './ivf-context.ts';
import type { IvfStore } from './ivf-store.ts';

/** Searches whose lists are looked at together: so many that each list serves several, so few that their tables stay in the cache. */
export const TOGETHER = 64;

/** Contexts of searches that go side by side. */
export class SearchBlock {
  /** Made beside this context: what it holds is good until the next search. */
  readonly beside: IvfContext;
  readonly #store: IvfStore;
  readonly #contexts: IvfContext[] = [];
  readonly #addresses: number;

  /** @throws `ERR_MEMORY` */
  constructor(store: IvfStore, beside: IvfContext) {
    this.#store = store;
    this.beside = beside;
    const { memory, shape } = store;
    this.#addresses = memory.allocate(TOGETHER * 4);
    try {
      while (this.#contexts.length < TOGETHER) {
        this.#contexts.push(new IvfContext(memory, shape, beside.sizes, beside));
      }
    } catch (error) {
      this.free();
      throw error;
    }
    memory.views.u32.set(
      this.#contexts.map(({ at }) => at),
      this.#addresses / 4,
    );
  }

  /** Address of the context of the search with a number. */
  context(i: number): number {
    return this.#contexts[i]!.at;
  }

  /** Looks at the lists of some queries `[n, dimension]`, {@link TOGETHER} at most; rows are then found in their contexts. */
  scan(queries: Float32Array, probes: number, wanted: number): void {
    const { memory, shape, trained } = this.#store;
    const { layout, partitions } = trained!.model;
    const { dimension } = shape;
    const count = queries.length / dimension;
    const bytes = partitions * 4 + count * probes * 12;
    const room = memory.allocate(bytes);
    const { exports, views } = memory;
    for (let i = 0; i < count; i++) {
      const context = this.#contexts[i]!;
      views.f32.set(queries.subarray(i * dimension, (i + 1) * dimension), context.query / 4);
      exports.begin(layout, context.at, probes, wanted);
    }
    exports.scanTogether(layout, this.#addresses, count, room);
    memory.free(room, bytes);
  }

  free(): void {
    for (const context of this.#contexts) context.free();
    this.#store.memory.free(this.#addresses, TOGETHER * 4);
  }
}
