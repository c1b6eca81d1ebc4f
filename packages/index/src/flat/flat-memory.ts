import { SimileError } from '@simile/core/errors';
import type { FlatExports, FlatKernel } from './flat-kernel.ts';

const PAGE = 65536;
const MOST_PAGES = 65536; // 4 GiB, the reach of 32-bit addresses
/** Kept free when rows are added, so that a search never finds the memory full. */
const SCRATCH_ROOM = 64 * 1024 * 1024;

/** The memory of one engine, with its kernel: blocks that never move, and one place for scratch. */
export class FlatMemory {
  readonly exports: FlatExports;
  readonly #memory: WebAssembly.Memory;
  #top = 64; // first free byte; the kernel spills to the first 32
  #view: { f32: Float32Array; i32: Int32Array } | undefined;
  #scratch = { at: 0, bytes: 0 };

  constructor(module: NonNullable<FlatKernel['module']>) {
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES });
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.exports = instance.exports as unknown as FlatExports;
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Where `count` new blocks of some bytes begin. @throws `ERR_MEMORY`, before anything changed */
  allocate(count: number, bytes: number): number[] {
    this.#grow(count * bytes, SCRATCH_ROOM);
    return Array.from({ length: count }, () => (this.#top += bytes) - bytes);
  }

  /** Room for `bytes` beside the blocks, the same each time; what was there is lost. @throws `ERR_MEMORY` */
  scratch(bytes: number): number {
    if (bytes > this.#scratch.bytes) {
      const size = 2 ** Math.ceil(Math.log2(Math.max(64, bytes)));
      this.#grow(size, 0);
      this.#scratch = { at: this.#top, bytes: size };
      this.#top += size;
    }
    return this.#scratch.at;
  }

  /** The whole memory as numbers. Ask again after anything that may grow it. */
  view(): { f32: Float32Array; i32: Int32Array } {
    const { buffer } = this.#memory;
    if (this.#view?.f32.buffer !== buffer) this.#view = { f32: new Float32Array(buffer), i32: new Int32Array(buffer) };
    return this.#view!;
  }

  #grow(bytes: number, spare: number): void {
    const held = this.#memory.buffer.byteLength / PAGE;
    const needed = Math.ceil((this.#top + bytes) / PAGE);
    if (needed + Math.ceil(spare / PAGE) > MOST_PAGES) {
      throw memoryError('the rows of one index must fit into 4 GiB', `${this.#top + bytes} bytes`);
    }
    if (needed <= held) return;
    // A quarter more than needed, so that many small batches grow it seldom.
    const generous = Math.min(MOST_PAGES, Math.max(needed, Math.ceil(held * 1.25)));
    for (const pages of [generous, needed]) {
      try {
        this.#memory.grow(pages - held);
        return;
      } catch (cause) {
        if (pages === needed) throw memoryError('the host must grant the memory for the rows', `${bytes} bytes`, cause);
      }
    }
  }
}

/** An `ERR_MEMORY` of the flat engine. */
export function memoryError(rule: string, got: unknown, cause?: unknown): SimileError {
  const remedy = 'Use several indices, a smaller dimension, or remove records and compact.';
  return new SimileError({ where: 'flat-engine', rule, got, remedy, code: 'ERR_MEMORY', cause });
}
