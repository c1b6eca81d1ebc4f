import { BINS, roundUp, WORDS, type IvfShape } from './ivf-layout.ts';
import type { IvfMemory } from './ivf-memory.ts';

const CONTEXT_BYTES = 256;
const SPILL_BYTES = 192;

/** The most that searches need. */
export interface ContextSizes {
  readonly partitions: number;
  /** Rows kept for exact distances. */
  readonly keep: number;
  /** Rows wanted of a scan. */
  readonly wanted: number;
}

/** Memory that one search at a time writes to. */
export class IvfContext {
  /** Address of the kernel's Context. */
  readonly at: number;
  readonly query: number;
  readonly sizes: ContextSizes;
  readonly heap: number;
  readonly slots: number;
  readonly distances: number;
  readonly keys: number;
  readonly costs: number;
  readonly spill: number;
  readonly #memory: IvfMemory;
  readonly #blocks: [at: number, bytes: number][] = [];

  /**
   * @param beside A context of the same sizes that is not searched with at the same time: what is not needed for long is shared
   * @throws `ERR_MEMORY`
   */
  constructor(memory: IvfMemory, shape: IvfShape, sizes: ContextSizes, beside?: IvfContext) {
    this.#memory = memory;
    this.sizes = sizes;
    const { width, stride, subspaces } = shape;
    const { partitions, keep, wanted } = sizes;
    const capacity = Math.max(1024, wanted * 4);
    try {
      const at = this.#allocate(CONTEXT_BYTES);
      const fields = {
        query: this.#allocate(width * 4),
        coded: this.#allocate(stride * 4),
        short: this.#allocate(roundUp(width, 16) * 2),
        keys: beside?.keys ?? this.#allocate(roundUp(partitions, 16) * 4),
        probes: this.#allocate(partitions * 8),
        costs: beside?.costs ?? this.#allocate(subspaces * WORDS * 4),
        tables: this.#allocate(subspaces * WORDS),
        histogram: this.#allocate(BINS * 2),
        found: this.#allocate(capacity * 8),
        spill: beside?.spill ?? this.#allocate(SPILL_BYTES),
        heap: beside?.heap ?? this.#allocate(keep * 8),
        distances: beside?.distances ?? this.#allocate(keep * 8),
        slots: beside?.slots ?? this.#allocate(keep * 4),
      };
      memory.views.u8.fill(0, at, at + CONTEXT_BYTES);
      memory.views.u8.fill(0, fields.histogram, fields.histogram + BINS * 2);
      memory.views.f32.fill(0, fields.query / 4, fields.query / 4 + width);
      memory.write('context', at, { ...fields, capacity });
      this.at = at;
      ({ query: this.query, heap: this.heap, slots: this.slots, distances: this.distances } = fields);
      ({ keys: this.keys, costs: this.costs, spill: this.spill } = fields);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Whether it is large enough. */
  holds(partitions: number, keep: number, wanted: number): boolean {
    return this.sizes.partitions >= partitions && this.sizes.keep >= keep && this.sizes.wanted >= wanted;
  }

  free(): void {
    for (const [at, bytes] of this.#blocks) this.#memory.free(at, bytes);
    this.#blocks.length = 0;
  }

  #allocate(bytes: number): number {
    const at = this.#memory.allocate(bytes);
    this.#blocks.push([at, bytes]);
    return at;
  }
}
