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
  #blocks: SearchBlock[] = [];
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
      if (this.#filtered) memory.write('context', context.at, { allowed: 0, allowedWords: 0 });
      this.#filtered = false;
      return undefined;
    }
    this.#filtered = true;
    const at = memory.allocate(allowed.byteLength);
    memory.views.u32.set(allowed, at / 4);
    memory.write('context', context.at, { allowed: at, allowedWords: allowed.length });
    return { at, bytes: allowed.byteLength };
  }

  /** Sees that the context is large enough. */
  prepare(keep: number, wanted: number): void {
    const { memory, shape, trained } = this.#store;
    const partitions = trained?.model.partitions ?? 1;
    if (this.one?.holds(partitions, keep, wanted)) return;
    this.one?.free();
    this.one = undefined;
    this.one = new IvfContext(memory, shape, roomy(partitions, keep, wanted));
  }

  /** Gives each thread contexts for many queries; false when there is no memory for them. */
  together({ keep, wanted, probes }: SearchPlan): boolean {
    const store = this.#store;
    const { partitions } = store.trained!.model;
    const held = this.#blocks[0]?.sizes;
    const isEnough = held && held.keep >= keep && held.wanted >= wanted && held.probes >= probes;
    if (isEnough && held.partitions >= partitions) return true;
    for (const block of this.#blocks.splice(0)) block.free();
    const sizes = { ...roomy(partitions, keep, wanted), probes };
    try {
      for (const room of store.crew.rooms) this.#blocks.push(new SearchBlock(store, room, sizes));
      return true;
    } catch (error) {
      for (const block of this.#blocks.splice(0)) block.free();
      if (SimileError.is(error)) return false;
      throw error;
    }
  }
}

/** So much that most searches need no more. */
function roomy(partitions: number, keep: number, wanted: number) {
  return { partitions, keep: Math.max(64, keep), wanted: Math.max(256, wanted) };
}
