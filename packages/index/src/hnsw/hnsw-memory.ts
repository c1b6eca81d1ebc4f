import { GrowingMemory, PAGE } from '../kernel/growing-memory.ts';
import type { Kernel } from '../kernel/load-kernel.ts';
import type { HnswExports } from './hnsw-kernel.ts';

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
export class HnswMemory extends GrowingMemory<HnswExports> {
  readonly regions: Map<string, Region> = new Map();
  /** Nodes that the regions have room for. */
  capacity = 0;
  scratchAt: number;
  readonly #headBytes: number;
  #scratchBytes = 0;

  /** @throws `ERR_MEMORY` when there is not even enough to begin with */
  constructor(kernel: Kernel, headBytes: number) {
    const remedy = 'Use a smaller precision, rerank: false, or shardedEngine.';
    super(kernel, Math.ceil(headBytes / PAGE) + 1, { where: 'hnsw-engine', remedy });
    this.#headBytes = headBytes;
    this.scratchAt = align(headBytes);
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
    this.grow(this.scratchAt + bytes);
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
    const fresh = this.bytes; // what is added behind is 0, and costs nothing before it is written
    this.grow(end + scratchBytes);
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
}

/** To a cache line. */
export const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
