import type { FlatKernel } from './flat-kernel.ts';
import { FlatMemory, memoryError } from './flat-memory.ts';

/** Rows a group, one a lane. */
export const LANES = 8;
/** A quarter of a usual L2, so that a chunk stays there while every tile of queries passes over it. */
const CHUNK_BYTES = 256 * 1024;

/** What is worked out once about a row. */
export interface RowTerms {
  readonly bias: number;
  readonly scale: number;
}

/**
 * Rows in groups of eight, dimension by dimension, in chunks that never move, each with a bias and a scale a row: see
 * assembly/flat.ts. In a WebAssembly memory when there is a kernel, else in ordinary arrays. A free slot has bias Infinity.
 */
export class FlatRows {
  readonly dimension: number;
  readonly rowsPerChunk: number;
  /** Undefined without a kernel. */
  readonly memory: FlatMemory | undefined;
  size = 0;
  /** Bit `slot & 31` of word `slot >> 5` is 1 for slots in use. */
  live: Uint32Array = new Uint32Array(0);
  readonly #addresses: number[] = []; // of the chunks, with a kernel
  readonly #arrays: Float32Array[] = []; // the chunks, without one

  constructor(dimension: number, { module }: FlatKernel) {
    this.dimension = dimension;
    this.rowsPerChunk = Math.max(1, Math.floor(CHUNK_BYTES / (LANES * 4 * (dimension + 2)))) * LANES;
    this.memory = module && new FlatMemory(module);
  }

  get chunkCount(): number {
    return this.memory ? this.#addresses.length : this.#arrays.length;
  }

  get bytes(): number {
    return (this.memory?.bytes ?? this.chunkCount * this.#chunkLength * 4) + this.live.byteLength;
  }

  /** Numbers in a chunk: rows, biases, scales. */
  get #chunkLength(): number {
    return this.rowsPerChunk * (this.dimension + 2);
  }

  /** Makes room for slots below `count`. @throws `ERR_MEMORY`, before anything changed */
  reserve(count: number): void {
    const before = this.chunkCount;
    const more = Math.ceil(count / this.rowsPerChunk) - before;
    if (more > 0) {
      if (this.memory) this.#addresses.push(...this.memory.allocate(more, this.#chunkLength * 4));
      else this.#arrays.push(...this.#allocatePlain(more));
      for (let chunk = before; chunk < this.chunkCount; chunk++) this.bias(chunk).fill(Infinity);
    }
    const words = (this.chunkCount * this.rowsPerChunk + 31) >>> 5;
    if (words > this.live.length) {
      const grown = new Uint32Array(Math.max(words, 2 * this.live.length));
      grown.set(this.live);
      this.live = grown;
    }
  }

  /** Writes row `row` of `rows` to a slot that was reserved. `rowsAt`: where `rows` lie in the memory, with a kernel. */
  put(slot: number, rows: Float32Array, row: number, rowsAt: number, { bias, scale }: RowTerms): void {
    const { chunk, at } = this.#locate(slot);
    if (this.memory) {
      const from = rowsAt + row * this.dimension * 4;
      this.memory.exports.putRow(this.address(chunk), at, this.dimension, from);
    } else {
      const values = this.#floats(chunk, 0, this.rowsPerChunk * this.dimension);
      let to = this.#first(at);
      for (let j = 0; j < this.dimension; j++, to += LANES) values[to] = rows[row * this.dimension + j]!;
    }
    this.bias(chunk)[at] = bias;
    this.scale(chunk)[at] = scale;
    if (!this.has(slot)) {
      this.size++;
      this.live[slot >>> 5]! |= 1 << (slot & 31);
    }
  }

  free(slot: number): void {
    if (!this.has(slot)) return;
    const { chunk, at } = this.#locate(slot);
    this.bias(chunk)[at] = Infinity;
    this.live[slot >>> 5]! &= ~(1 << (slot & 31));
    this.size--;
  }

  has(slot: number): boolean {
    return ((this.live[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  }

  /** Copies the row at a slot into `into`. */
  read(slot: number, into: Float32Array): Float32Array {
    const { chunk, at } = this.#locate(slot);
    const values = this.#floats(chunk, 0, this.rowsPerChunk * this.dimension);
    let from = this.#first(at);
    for (let j = 0; j < this.dimension; j++, from += LANES) into[j] = values[from]!;
    return into;
  }

  /** Bias of each row of a chunk. A view: gone once memory grows. */
  bias(chunk: number): Float32Array {
    return this.#floats(chunk, this.rowsPerChunk * this.dimension, this.rowsPerChunk);
  }

  /** Scale of each row of a chunk. A view: gone once memory grows. */
  scale(chunk: number): Float32Array {
    return this.#floats(chunk, this.rowsPerChunk * (this.dimension + 1), this.rowsPerChunk);
  }

  /** Where a chunk, its biases or its scales begin in the memory. */
  address(chunk: number, part: 'rows' | 'bias' | 'scale' = 'rows'): number {
    const skipped = { rows: 0, bias: this.dimension, scale: this.dimension + 1 }[part];
    return this.#addresses[chunk]! + skipped * this.rowsPerChunk * 4;
  }

  #locate(slot: number): { chunk: number; at: number } {
    const chunk = Math.floor(slot / this.rowsPerChunk);
    return { chunk, at: slot - chunk * this.rowsPerChunk };
  }

  /** Place of the first value of a chunk's row. */
  #first(at: number): number {
    return (at >> 3) * LANES * this.dimension + (at & 7);
  }

  #floats(chunk: number, skip: number, length: number): Float32Array {
    if (!this.memory) return this.#arrays[chunk]!.subarray(skip, skip + length);
    const begin = this.#addresses[chunk]! / 4 + skip;
    return this.memory.view().f32.subarray(begin, begin + length);
  }

  #allocatePlain(more: number): Float32Array[] {
    try {
      return Array.from({ length: more }, () => new Float32Array(this.#chunkLength));
    } catch (cause) {
      const bytes = `${more * this.#chunkLength * 4} bytes`;
      throw memoryError('the host must grant the memory for the rows', bytes, cause);
    }
  }
}
