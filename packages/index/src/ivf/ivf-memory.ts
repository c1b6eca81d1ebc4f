import { GrowingMemory } from '../kernel/growing-memory.ts';
import type { Kernel } from '../kernel/load-kernel.ts';
import type { IvfExports } from './ivf-kernel.ts';
import { FLOAT_FIELDS, roundUp, STRUCTS, type Struct, type StructField } from './ivf-layout.ts';

/** An eighth more than there was, so that many small blocks grow it seldom. */
const SPARE = 1.125;
/** A line of the processor's cache: where every block begins. */
const LINE = 64;

/** A run of free bytes. */
interface Hole {
  at: number;
  bytes: number;
}

/** One WebAssembly memory with the kernel on it: blocks that never move, handed out and taken back. */
export class IvfMemory extends GrowingMemory<IvfExports> {
  /** By address; no two touch. */
  readonly #holes: Hole[] = [];
  #top = LINE; // so that no block has address 0
  /** Where the bytes begin that no block ever had. */
  #highest = LINE;

  /** @throws `ERR_MEMORY` when there is not even enough to begin with */
  constructor(kernel: Kernel) {
    const remedy = 'Use several indices, a smaller dimension, or remove records and compact.';
    super(kernel, 1, { where: 'ivf-engine', remedy });
  }

  /** Address of a new block, a multiple of 64, whose bytes are anything. @throws `ERR_MEMORY`, before anything changed */
  allocate(size: number): number {
    const bytes = roundUp(Math.max(size, 1), LINE);
    let best: Hole | undefined;
    for (const hole of this.#holes) {
      if (hole.bytes >= bytes && (!best || hole.bytes < best.bytes)) best = hole;
    }
    if (!best) {
      this.grow(this.#top + bytes, SPARE);
      this.#top += bytes;
      this.#highest = Math.max(this.#highest, this.#top);
      return this.#top - bytes;
    }
    const { at } = best;
    best.at += bytes;
    best.bytes -= bytes;
    if (best.bytes === 0) this.#holes.splice(this.#holes.indexOf(best), 1);
    return at;
  }

  /** As {@link allocate}, and every byte is 0. */
  allocateZeros(size: number): number {
    const used = this.#highest;
    const at = this.allocate(size);
    // What was never handed out is 0 as the host gave it; not to touch it saves a pass over much memory.
    if (at < used) this.views.u8.fill(0, at, Math.min(at + size, used));
    return at;
  }

  /** Takes back a block of {@link allocate}, or a part of one that begins and ends at a multiple of 64. */
  free(at: number, size: number): void {
    const bytes = roundUp(Math.max(size, 1), LINE);
    let next = this.#holes.findIndex((hole) => hole.at > at);
    if (next < 0) next = this.#holes.length;
    const before = this.#holes[next - 1];
    const after = this.#holes[next];
    const joinsBefore = before !== undefined && before.at + before.bytes === at;
    const joinsAfter = after !== undefined && at + bytes === after.at;
    if (joinsBefore) {
      before.bytes += bytes + (joinsAfter ? after.bytes : 0);
      if (joinsAfter) this.#holes.splice(next, 1);
    } else if (joinsAfter) {
      after.at = at;
      after.bytes += bytes;
    } else this.#holes.splice(next, 0, { at, bytes });
    const last = this.#holes.at(-1)!;
    if (last.at + last.bytes === this.#top) {
      this.#top = last.at;
      this.#holes.pop();
    }
  }

  /** Sees that blocks of so many bytes in all will be granted. @throws `ERR_MEMORY` */
  reserve(bytes: number): void {
    this.grow(this.#top + bytes, SPARE);
  }

  /** Sets fields of a struct of the kernel. */
  write<Name extends Struct>(
    struct: Name,
    at: number,
    values: Readonly<Partial<Record<StructField<Name>, number>>>,
  ): void {
    const fields: readonly string[] = STRUCTS[struct];
    const { u32, f32 } = this.views;
    for (const [name, value] of Object.entries(values) as [string, number][]) {
      const place = at / 4 + fields.indexOf(name);
      if (FLOAT_FIELDS.has(name)) f32[place] = value;
      else u32[place] = value;
    }
  }
}
