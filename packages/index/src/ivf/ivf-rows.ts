import type { IvfMemory } from './ivf-memory.ts';
import type { IvfShape } from './ivf-layout.ts';

/** Chunks there can be: 4 GiB of them, at half a mebibyte or more each. */
const MOST_CHUNKS = 8192;
const CHUNK_BYTES = 1 << 20;

/** Rows by slot, as float32 and as int8, in chunks that never move; and which slots hold one. */
export class IvfRows {
  readonly shape: IvfShape;
  readonly memory: IvfMemory;
  /** Rows of a chunk, as a power of two. */
  readonly shift: number;
  /** Addresses of the tables of chunks: of float32 rows, of int8 rows. */
  readonly tables: { readonly floats: number; readonly bytes: number };
  size = 0;
  /** Bit `slot & 31` of word `slot >> 5` is 1 for slots in use. */
  live: Uint32Array = new Uint32Array(0);
  /** One more than the highest slot that ever held a row. */
  top = 0;
  /** Slots there is room for. */
  capacity = 0;

  constructor(shape: IvfShape, memory: IvfMemory) {
    this.shape = shape;
    this.memory = memory;
    this.shift = Math.max(0, Math.floor(Math.log2(CHUNK_BYTES / (shape.width * 4))));
    this.tables = { floats: memory.allocate(MOST_CHUNKS * 4), bytes: memory.allocate(MOST_CHUNKS * 4) };
  }

  /** Bytes that room for a slot takes. */
  get bytesPerSlot(): number {
    return this.shape.width * 4 + this.shape.byteStride;
  }

  /** Makes room for slots below `count`. @throws `ERR_MEMORY`, before anything changed */
  reserve(count: number): void {
    const { memory, shape, shift } = this;
    const rows = 1 << shift;
    const held = this.capacity / rows;
    const more = Math.ceil(count / rows) - held;
    if (more > 0) {
      const floatBytes = rows * shape.width * 4;
      const byteBytes = rows * shape.byteStride;
      // Chunks made together lie side by side, so that rows can be saved and read at once.
      const floats = memory.allocateZeros(more * floatBytes);
      let bytes: number;
      try {
        bytes = memory.allocate(more * byteBytes);
      } catch (error) {
        memory.free(floats, more * floatBytes);
        throw error;
      }
      const { u32 } = memory.views;
      for (let i = 0; i < more; i++) {
        u32[this.tables.floats / 4 + held + i] = floats + i * floatBytes;
        u32[this.tables.bytes / 4 + held + i] = bytes + i * byteBytes;
      }
      this.capacity += more * rows;
    }
    const words = (this.capacity + 31) >>> 5;
    if (words > this.live.length) {
      const grown = new Uint32Array(words);
      grown.set(this.live);
      this.live = grown;
    }
  }

  has(slot: number): boolean {
    return ((this.live[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  }

  /** Where the float32 row of a slot lies, in bytes. */
  address(slot: number): number {
    const chunk = this.memory.views.u32[this.tables.floats / 4 + (slot >>> this.shift)]!;
    return chunk + (slot & ((1 << this.shift) - 1)) * this.shape.width * 4;
  }

  /** Writes row `row` of `rows` to a slot that was reserved. */
  put(slot: number, rows: Float32Array, row: number): void {
    const { dimension } = this.shape;
    this.memory.views.f32.set(rows.subarray(row * dimension, (row + 1) * dimension), this.address(slot) / 4);
    this.top = Math.max(this.top, slot + 1);
    if (this.has(slot)) return;
    this.live[slot >>> 5]! |= 1 << (slot & 31);
    this.size++;
  }

  free(slot: number): void {
    this.live[slot >>> 5]! &= ~(1 << (slot & 31));
    this.size--;
  }

  /** The row at a slot, a copy. */
  read(slot: number): Float32Array {
    const at = this.address(slot) / 4;
    return this.memory.views.f32.slice(at, at + this.shape.dimension);
  }

  /** The float32 or int8 rows of slots below `count`: a view where the chunks lie side by side, else a copy. */
  run(kind: 'floats' | 'bytes', count: number): Uint8Array {
    const { u8, u32 } = this.memory.views;
    const rowBytes = kind === 'floats' ? this.shape.width * 4 : this.shape.byteStride;
    const chunkBytes = rowBytes << this.shift;
    const bytes = count * rowBytes;
    const chunks = u32.subarray(this.tables[kind] / 4, this.tables[kind] / 4 + Math.ceil(bytes / chunkBytes));
    if (chunks.every((at, i) => at === chunks[0]! + i * chunkBytes)) {
      return u8.subarray(chunks[0] ?? 0, (chunks[0] ?? 0) + bytes);
    }
    const copy = new Uint8Array(bytes);
    chunks.forEach((at, i) => {
      const from = i * chunkBytes;
      copy.set(u8.subarray(at, at + Math.min(chunkBytes, bytes - from)), from);
    });
    return copy;
  }
}
