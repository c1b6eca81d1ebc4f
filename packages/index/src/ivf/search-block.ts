import { IvfContext, type ContextSizes } from './ivf-context.ts';
import type { IvfStore } from './ivf-store.ts';

/** Searches whose lists are looked at together: so many that each list serves several, so few that their tables stay in the cache. */
export const TOGETHER = 64;

/** What the searches need that a thread does side by side. */
export interface BlockSizes extends ContextSizes {
  readonly probes: number;
}

/** Contexts of searches that go side by side on one thread, in its Room. */
export class SearchBlock {
  readonly sizes: BlockSizes;
  readonly #store: IvfStore;
  readonly #contexts: IvfContext[] = [];
  readonly #blocks: [at: number, bytes: number][] = [];

  /** @throws `ERR_MEMORY` */
  constructor(store: IvfStore, room: number, sizes: BlockSizes) {
    this.#store = store;
    this.sizes = sizes;
    const { memory, shape } = store;
    try {
      const contexts = this.#allocate(TOGETHER * 4);
      const entries = this.#allocate(sizes.partitions * 4 + TOGETHER * sizes.probes * 12);
      while (this.#contexts.length < TOGETHER) {
        this.#contexts.push(new IvfContext(memory, shape, sizes, this.#contexts[0]));
      }
      memory.views.u32.set(
        this.#contexts.map(({ at }) => at),
        contexts / 4,
      );
      memory.write('room', room, { contexts, entries });
    } catch (error) {
      this.free();
      throw error;
    }
  }

  free(): void {
    for (const context of this.#contexts) context.free();
    for (const [at, bytes] of this.#blocks) this.#store.memory.free(at, bytes);
  }

  #allocate(bytes: number): number {
    const at = this.#store.memory.allocate(bytes);
    this.#blocks.push([at, bytes]);
    return at;
  }
}
