import { SimileError } from '@simile/core/errors';
import type { Kernel } from '../kernel/load-kernel.ts';
import { kernelMemory } from '../workers/shared-memory.ts';
import type { HnswExports } from './hnsw-kernel.ts';

const PAGE = 65536;
/** 4 GiB less a page: a typed array of it all still has a length that fits. */
const MOST_PAGES = 65535;

/** A run of bytes for the nodes; its place changes when the memory grows. */
interface Region {
  at: number;
  /** Bytes for so many nodes. */
  readonly bytesFor: (capacity: number) => number;
}

/**
 * One WebAssembly memory with the kernel on it: a head that never moves, regions one after the other, and scratch behind
 * them. Regions move when there are more nodes than fit; scratch is lost then.
 */
export class HnswMemory {
  readonly exports: HnswExports;
  readonly memory: WebAssembly.Memory;
  readonly regions: Map<string, Region> = new Map();
  /** Nodes that the regions have room for. */
  capacity = 0;
  scratchAt: number;
  readonly #headBytes: number;
  readonly #mostPages: number;
  #scratchBytes = 0;
  #views: Views | undefined;

  /** @throws `ERR_MEMORY` when there is not even enough to begin with */
  constructor({ module, shared }: Kernel, headBytes: number) {
    try {
      const { memory, maximum } = kernelMemory(Math.ceil(headBytes / PAGE) + 1, shared);
      this.memory = memory;
      this.#mostPages = Math.min(maximum, MOST_PAGES);
    } catch (cause) {
      throw memoryError('the host must grant a memory to begin with', `${headBytes} bytes`, cause);
    }
    this.exports = new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports as unknown as HnswExports;
    this.#headBytes = headBytes;
    this.scratchAt = align(headBytes);
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** The memory as numbers. Ask again after anything that may grow it: only this class does. */
  get views(): Views {
    return (this.#views ??= viewsOf(this.memory.buffer));
  }

  /** Address of a region. */
  at(name: string): number {
    return this.regions.get(name)!.at;
  }

  /** Bytes of a region that so many nodes use. */
  section(name: string, nodes: number): Uint8Array {
    const { at, bytesFor } = this.regions.get(name)!;
    return this.views.u8.subarray(at, at + bytesFor(nodes));
  }

  /** Adds a region behind the others, while there are no nodes. */
  addRegion(name: string, bytesFor: Region['bytesFor']): void {
    this.regions.set(name, { at: this.scratchAt, bytesFor });
  }

  /** Removes a region; those behind it move down. */
  dropRegion(name: string): void {
    this.regions.delete(name);
    this.#move(this.capacity, new Map(), this.#scratchBytes);
  }

  /**
   * Makes room for so many nodes in every region; new places hold 0.
   *
   * @param sizes Bytes of regions whose size does not follow from the nodes, which `bytesFor` tells afterwards
   * @throws `ERR_MEMORY`, before anything changed
   */
  resize(capacity: number, sizes: ReadonlyMap<string, number>, scratchBytes: number): void {
    this.#move(capacity, sizes, scratchBytes);
  }

  /** Makes room behind the regions. @throws `ERR_MEMORY`, before anything changed */
  reserveScratch(bytes: number): void {
    this.#grow(this.scratchAt + bytes);
    this.#scratchBytes = bytes;
  }

  #move(capacity: number, sizes: ReadonlyMap<string, number>, scratchBytes: number): void {
    let end = align(this.#headBytes);
    const moves = Array.from(this.regions, ([name, region]) => {
      const old = region.bytesFor(this.capacity);
      const move = { region, to: end, old, bytes: sizes.get(name) ?? region.bytesFor(capacity) };
      end = align(end + move.bytes);
      return move;
    });
    const fresh = this.memory.buffer.byteLength; // what is added behind is 0, and costs nothing before it is written
    this.#grow(end + scratchBytes);
    this.#scratchBytes = scratchBytes;
    const { u8 } = this.views;
    // Down from the first, then up from the last, so that nothing is written over before it has moved.
    const down = moves.filter(({ region, to }) => to < region.at);
    const up = moves.filter(({ region, to }) => to >= region.at).toReversed();
    for (const { region, to, old, bytes } of [...down, ...up]) {
      u8.copyWithin(to, region.at, region.at + Math.min(old, bytes));
      if (bytes > old) u8.fill(0, to + old, Math.max(to + old, Math.min(to + bytes, fresh)));
      region.at = to;
    }
    this.capacity = capacity;
    this.scratchAt = end;
  }

  #grow(bytes: number): void {
    const held = this.memory.buffer.byteLength / PAGE;
    const needed = Math.ceil(bytes / PAGE);
    if (needed <= held) return;
    if (needed > this.#mostPages) {
      throw memoryError(`one index must fit into ${this.#mostPages * PAGE} bytes`, `${bytes} bytes`);
    }
    try {
      this.memory.grow(needed - held);
      this.#views = undefined;
    } catch (cause) {
      throw memoryError('the host must grant the memory', `${bytes} bytes`, cause);
    }
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

/** The memory in units. */
export interface Views {
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly data: DataView;
}

/** To a cache line. */
export const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

function memoryError(rule: string, got: unknown, cause?: unknown): SimileError {
  const remedy = 'Use a smaller precision, rerank: false, or shardedEngine.';
  return new SimileError({ where: 'hnsw-engine', rule, got, remedy, code: 'ERR_MEMORY', cause });
}
