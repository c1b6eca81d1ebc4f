import { SimileError } from '@simile/core/errors';
import type { Kernel } from '../kernel/load-kernel.ts';
import { kernelMemory } from '../workers/shared-memory.ts';
import type { IvfExports } from './ivf-kernel.ts';
import { CONTEXT_FIELDS, FLOAT_FIELDS, LAYOUT_FIELDS, roundUp } from './ivf-layout.ts';
import type { ContextField, LayoutField } from './ivf-layout.ts';

const PAGE = 65536;
/** A line of the processor's cache: where every block begins. */
const LINE = 64;

/** A run of free bytes. */
interface Hole {
  at: number;
  bytes: number;
}

/** The memory in units. */
interface Views {
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
}

/** One WebAssembly memory with the kernel on it: blocks that never move, handed out and taken back. */
export class IvfMemory {
  readonly exports: IvfExports;
  readonly #memory: WebAssembly.Memory;
  readonly #mostPages: number;
  /** By address; no two touch. */
  readonly #holes: Hole[] = [];
  #top = LINE; // so that no block has address 0
  /** Where the bytes begin that no block ever had. */
  #highest = LINE;
  #views: Views | undefined;

  /** @throws `ERR_MEMORY` when there is not even enough to begin with */
  constructor({ module, shared }: Kernel) {
    try {
      const { memory, maximum } = kernelMemory(1, shared);
      this.#memory = memory;
      // A page less than 4 GiB: a typed array of it all still has a length that fits.
      this.#mostPages = Math.min(maximum, 65535);
    } catch (cause) {
      throw memoryError('the host must grant a memory to begin with', `${PAGE} bytes`, cause);
    }
    this.exports = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as IvfExports;
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The memory as numbers. Ask again after anything that may grow it. */
  get views(): Views {
    const { buffer } = this.#memory;
    if (this.#views?.u8.buffer !== buffer) {
      const { byteLength } = buffer;
      this.#views = {
        u8: new Uint8Array(buffer, 0, byteLength),
        u32: new Uint32Array(buffer, 0, byteLength / 4),
        f32: new Float32Array(buffer, 0, byteLength / 4),
        f64: new Float64Array(buffer, 0, byteLength / 8),
      };
    }
    return this.#views;
  }

  /** Address of a new block, a multiple of 64, whose bytes are anything. @throws `ERR_MEMORY`, before anything changed */
  allocate(size: number): number {
    const bytes = roundUp(Math.max(size, 1), LINE);
    let best: Hole | undefined;
    for (const hole of this.#holes) {
      if (hole.bytes >= bytes && (!best || hole.bytes < best.bytes)) best = hole;
    }
    if (!best) {
      this.#grow(this.#top + bytes);
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
    this.#grow(this.#top + bytes);
  }

  /** Sets fields of a Layout or a Context. */
  write(at: number, values: Readonly<Partial<Record<LayoutField | ContextField, number>>>, context = false): void {
    const fields: readonly string[] = context ? CONTEXT_FIELDS : LAYOUT_FIELDS;
    const { u32, f32 } = this.views;
    for (const [name, value] of Object.entries(values)) {
      const place = at / 4 + fields.indexOf(name);
      if (FLOAT_FIELDS.has(name as LayoutField)) f32[place] = value;
      else u32[place] = value;
    }
  }

  #grow(end: number): void {
    const held = this.bytes / PAGE;
    const needed = Math.ceil(end / PAGE);
    if (needed <= held) return;
    if (needed > this.#mostPages)
      throw memoryError(`one index must fit into ${this.#mostPages * PAGE} bytes`, `${end} bytes`);
    // An eighth more than needed, so that many small blocks grow it seldom.
    const generous = Math.min(this.#mostPages, Math.max(needed, Math.ceil(held * 1.125)));
    for (const pages of [generous, needed]) {
      try {
        this.#memory.grow(pages - held);
        return;
      } catch (cause) {
        if (pages === needed) throw memoryError('the host must grant the memory', `${end} bytes`, cause);
      }
    }
  }
}

function memoryError(rule: string, got: string, cause?: unknown): SimileError {
  const remedy = 'Use several indices, a smaller dimension, or remove records and compact.';
  return new SimileError({ where: 'ivf-engine', rule, got, remedy, code: 'ERR_MEMORY', cause });
}
