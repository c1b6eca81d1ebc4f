import { SimileError } from '@simile/core/errors';
import { IvfContext } from './ivf-context.ts';
import type { IvfStore } from './ivf-store.ts';
import { SearchBlock } from './search-block.ts';
import type { SearchPlan } from './search-plan.ts';

/** What the kernel writes to while it searches one store: made once, and anew when more is needed. */
export class SearchContexts {
  /** For one query. */
  one: IvfContext | undefined;
  readonly #store: IvfStore;
  #block: SearchBlock | undefined;
  /** Whether the kernel was told of a filter. */
  #filtered = false;

  constructor(store: IvfStore) {
    this.#store = store;
  }

  /** Tells the kernel which slots may be returned. */
  allow(plan: SearchPlan, allowed: Uint32Array | undefined): { at: number; bytes: number } | undefined {
    this.prepare(plan.keep, plan.wanted);
    const { memory } = this.#store;
    const context = this.one!;
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
  prepare(keep: number, wanted: number): void {
    const { memory, shape, trained } = this.#store;
    const partitions = trained?.model.partitions ?? 1;
    if (this.one?.holds(partitions, keep, wanted)) return;
    this.one?.free();
    this.one = undefined;
    const sizes = { partitions, keep: Math.max(64, keep), wanted: Math.max(256, wanted) };
    this.one = new IvfContext(memory, shape, sizes);
  }

  /** Contexts for many queries; undefined when there is no memory for them. */
  together(): SearchBlock | undefined {
    if (this.#block?.beside === this.one) return this.#block;
    this.#block?.free();
    this.#block = undefined;
    try {
      this.#block = new SearchBlock(this.#store, this.one!);
    } catch (error) {
      if (!SimileError.is(error)) throw error;
    }
    return this.#block;
  }
}
