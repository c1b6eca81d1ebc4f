import { SimileError } from '@simile/core/errors';
import { kernelMemory } from '../workers/shared-memory.ts';
import type { Kernel } from './load-kernel.ts';

/** Bytes that a memory grows by. */
export const PAGE = 65536;
/** 4 GiB less a page: a typed array of it all still has a length that fits. */
const MOST_PAGES = 65535;

/** The memory in units. */
interface Views {
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly data: DataView;
}

/** Who speaks when there is no more memory, and what to do then. */
interface Complaint {
  readonly where: string;
  readonly remedy: string;
}

/** One WebAssembly memory with a kernel on it, which nobody else grows. */
export class GrowingMemory<Exports> {
  readonly exports: Exports;
  readonly memory: WebAssembly.Memory;
  readonly #mostPages: number;
  readonly #complaint: Complaint;
  #views: Views | undefined;

  /** @throws `ERR_MEMORY` when there is not even enough to begin with */
  constructor({ module, shared }: Kernel, pages: number, complaint: Complaint) {
    this.#complaint = complaint;
    try {
      const { memory, maximum } = kernelMemory(pages, shared);
      this.memory = memory;
      this.#mostPages = Math.min(maximum, MOST_PAGES);
    } catch (cause) {
      throw this.#error('the host must grant a memory to begin with', pages * PAGE, cause);
    }
    this.exports = new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports as unknown as Exports;
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** The memory as numbers. Ask again after anything that may grow it. */
  get views(): Views {
    return (this.#views ??= viewsOf(this.memory.buffer));
  }

  /**
   * Makes the memory reach up to `end`, and where the host grants it to `spare` times what there was.
   *
   * @throws `ERR_MEMORY`, before anything changed
   */
  protected grow(end: number, spare = 1): void {
    const held = this.bytes / PAGE;
    const needed = Math.ceil(end / PAGE);
    if (needed <= held) return;
    if (needed > this.#mostPages) throw this.#error(`one index must fit into ${this.#mostPages * PAGE} bytes`, end);
    const generous = Math.min(this.#mostPages, Math.max(needed, Math.ceil(held * spare)));
    for (const pages of [generous, needed]) {
      try {
        this.memory.grow(pages - held);
        this.#views = undefined;
        return;
      } catch (cause) {
        if (pages === needed) throw this.#error('the host must grant the memory', end, cause);
      }
    }
  }

  #error(rule: string, bytes: number, cause?: unknown): SimileError {
    return new SimileError({ ...this.#complaint, rule, got: `${bytes} bytes`, code: 'ERR_MEMORY', cause });
  }
}

function viewsOf(buffer: ArrayBufferLike): Views {
  const { byteLength } = buffer;
  return {
    u8: new Uint8Array(buffer, 0, byteLength),
    u32: new Uint32Array(buffer, 0, byteLength / 4),
    f32: new Float32Array(buffer, 0, byteLength / 4),
    f64: new Float64Array(buffer, 0, byteLength / 8),
    data: new DataView(buffer, 0, byteLength),
  };
}
