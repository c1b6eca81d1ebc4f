import { SimileError } from '@simile/core/errors';
import type { FlatExports } from './flat-kernel.ts';

const PAGE = 65536;
const MOST_PAGES = 65536; // 4 GiB, the reach of 32-bit addresses
/** Kept free when rows are added, so that a search never finds the memory full. */
const SCRATCH_ROOM = 64 * 1024 * 1024;
/** Rows a group, one a lane of the kernel. */
export const LANES = 8;

/** The whole memory, as numbers of each kind. */
export interface MemoryViews {
  readonly u8: Uint8Array;
  readonly i16: Int16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Bytes of a memory that holds some fixed bytes and regions of so many bytes a group of rows. */
export function memoryBytes(fixed: number, regions: readonly number[], groups: number): number {
  return regions.reduce((sum, bytes) => sum + aligned(bytes * groups), aligned(fixed));
}

/**
 * The memory of one engine, with its kernel: a fixed part, regions that hold so many bytes for each eight rows and grow
 * together, and behind them room for what one search needs.
 */
export class FlatMemory {
  readonly exports: FlatExports;
  /** Groups of rows that there is room for. */
  groups = 0;
  readonly #memory: WebAssembly.Memory;
  readonly #fixed: number;
  readonly #regions: readonly number[];
  #views: MemoryViews | undefined;

  /** @param regions Bytes that each takes for a group of eight rows */
  constructor(module: WebAssembly.Module, fixed: number, regions: readonly number[]) {
    this.#fixed = fixed;
    this.#regions = regions;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(aligned(fixed) / PAGE), maximum: MOST_PAGES });
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.exports = instance.exports as unknown as FlatExports;
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The whole memory as numbers. Ask again after anything that may grow it. */
  get views(): MemoryViews {
    const { buffer } = this.#memory;
    if (this.#views?.u8.buffer !== buffer) {
      this.#views = {
        u8: new Uint8Array(buffer),
        i16: new Int16Array(buffer),
        i32: new Int32Array(buffer),
        u32: new Uint32Array(buffer),
        f32: new Float32Array(buffer),
        f64: new Float64Array(buffer),
      };
    }
    return this.#views!;
  }

  /** Where a region begins. */
  at(region: number, groups: number = this.groups): number {
    return memoryBytes(this.#fixed, this.#regions.slice(0, region), groups);
  }

  /** Makes room for so many groups; what regions hold moves along. @throws `ERR_MEMORY`, before anything changed */
  reserve(groups: number): void {
    if (groups <= this.groups) return;
    const needed = memoryBytes(this.#fixed, this.#regions, groups);
    if (needed + SCRATCH_ROOM > MOST_PAGES * PAGE) {
      throw memoryError('the rows of one index must fit into 4 GiB', `${needed} bytes`);
    }
    // A quarter more than there was, so that many small batches grow it seldom.
    const most = MOST_PAGES * PAGE - SCRATCH_ROOM;
    const used = this.bytes; // behind it, memory is zeros already
    let room = Math.max(groups, Math.ceil(this.groups * 1.25));
    if (memoryBytes(this.#fixed, this.#regions, room) > most) room = groups;
    if (!this.#tryGrow(memoryBytes(this.#fixed, this.#regions, room))) {
      room = groups;
      this.#grow(needed);
    }
    const { u8 } = this.views;
    for (let region = this.#regions.length - 1; region >= 0; region--) {
      const held = this.#regions[region]! * this.groups;
      const to = this.at(region, room);
      u8.copyWithin(to, this.at(region), this.at(region) + held);
      u8.fill(0, to + held, Math.min(used, this.at(region + 1, room)));
    }
    this.groups = room;
  }

  /** Where runs of so many bytes lie behind the regions, for one search. What was there is lost. @throws `ERR_MEMORY` */
  scratch(...sizes: readonly number[]): number[] {
    let next = this.at(this.#regions.length);
    const places = sizes.map((bytes) => (next += aligned(bytes)) - aligned(bytes));
    this.#grow(next);
    return places;
  }

  #grow(bytes: number): void {
    if (this.#tryGrow(bytes)) return;
    throw memoryError('the host must grant the memory for the rows', `${bytes} bytes`);
  }

  #tryGrow(bytes: number): boolean {
    const more = Math.ceil(bytes / PAGE) - this.#memory.buffer.byteLength / PAGE;
    if (more <= 0) return true;
    try {
      this.#memory.grow(more);
      return true;
    } catch {
      return false;
    }
  }
}

/** An `ERR_MEMORY` of the flat engine. */
export function memoryError(rule: string, got: unknown, cause?: unknown): SimileError {
  const remedy = 'Use several indices, a smaller dimension, or remove records and compact.';
  return new SimileError({ where: 'flat-engine', rule, got, remedy, code: 'ERR_MEMORY', cause });
}
