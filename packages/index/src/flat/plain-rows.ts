import { memoryError } from './flat-memory.ts';
import type { FlatStore } from './flat-store.ts';
import { LiveSlots } from './live-slots.ts';

const CHUNK_BYTES = 256 * 1024;

const rowsPerChunk = (dimension: number): number => Math.max(1, Math.floor(CHUNK_BYTES / (4 * dimension)));

/** Rows in ordinary arrays, one after the other, in chunks that never move: for hosts and metrics without a kernel. */
export class PlainRows implements FlatStore {
  readonly live: LiveSlots = new LiveSlots();
  readonly #dimension: number;
  readonly #rowsPerChunk: number;
  readonly #chunks: Float32Array[] = [];

  constructor(dimension: number) {
    this.#dimension = dimension;
    this.#rowsPerChunk = rowsPerChunk(dimension);
  }

  /** Bytes for `count` rows. */
  static estimate(count: number, dimension: number): number {
    const rows = rowsPerChunk(dimension);
    return Math.ceil(count / rows) * rows * dimension * 4 + count / 8;
  }

  get bytes(): number {
    return this.#chunks.length * this.#rowsPerChunk * this.#dimension * 4 + this.live.bits.byteLength;
  }

  reserve(count: number): void {
    const more = Math.ceil(count / this.#rowsPerChunk) - this.#chunks.length;
    const length = this.#rowsPerChunk * this.#dimension;
    if (more > 0) {
      try {
        this.#chunks.push(...Array.from({ length: more }, () => new Float32Array(length)));
      } catch (cause) {
        throw memoryError('the host must grant the memory for the rows', `${more * length * 4} bytes`, cause);
      }
    }
    this.live.reserve(count);
  }

  put(slots: Uint32Array, rows: Float32Array): void {
    slots.forEach((slot, i) => {
      this.#row(slot).set(rows.subarray(i * this.#dimension, (i + 1) * this.#dimension));
      this.live.add(slot);
    });
  }

  read(slot: number, into: Float32Array): Float32Array {
    into.set(this.#row(slot));
    return into;
  }

  scan(): undefined {
    return undefined;
  }

  #row(slot: number): Float32Array {
    const chunk = Math.floor(slot / this.#rowsPerChunk);
    const at = (slot - chunk * this.#rowsPerChunk) * this.#dimension;
    return this.#chunks[chunk]!.subarray(at, at + this.#dimension);
  }
}
