import { BLOCK_ROWS, type IvfShape } from './ivf-layout.ts';
import type { IvfMemory } from './ivf-memory.ts';

const NONE = 0xffffffff;

/** The rows of each partition, as blocks of codes, and where in them the row of a slot is. */
export class IvfLists {
  readonly shape: IvfShape;
  readonly memory: IvfMemory;
  readonly partitions: number;
  /** Address of the table of lists: address and count of each. */
  readonly table: number;
  /** The layout that the kernel reads. */
  readonly layout: number;
  /** Σ count², which grows as rows crowd into few lists. */
  squares = 0;
  readonly #capacities: Uint32Array; // in blocks
  readonly #room: number; // for the codes of a row
  #listOf: Uint32Array = new Uint32Array(0);
  #placeOf: Uint32Array = new Uint32Array(0);

  constructor(shape: IvfShape, memory: IvfMemory, partitions: number, layout: number) {
    this.shape = shape;
    this.memory = memory;
    this.partitions = partitions;
    this.layout = layout;
    this.table = memory.allocate(partitions * 8);
    this.#room = memory.allocate(shape.codeBytes);
    memory.views.u32.fill(0, this.table / 4, this.table / 4 + partitions * 2);
    this.#capacities = new Uint32Array(partitions);
  }

  /** Bytes outside of the memory. */
  get bytes(): number {
    return this.#listOf.byteLength * 2;
  }

  count(list: number): number {
    return this.memory.views.u32[this.table / 4 + 2 * list + 1]!;
  }

  address(list: number): number {
    return this.memory.views.u32[this.table / 4 + 2 * list]!;
  }

  /** Makes room for slots below `slots`, and for `counts[list]` more rows in each list. @throws `ERR_MEMORY`, no row moved out of reach */
  reserve(slots: number, counts: Uint32Array): void {
    if (slots > this.#listOf.length) {
      const grow = (from: Uint32Array): Uint32Array => {
        const grown = new Uint32Array(slots).fill(NONE);
        grown.set(from);
        return grown;
      };
      [this.#listOf, this.#placeOf] = [grow(this.#listOf), grow(this.#placeOf)];
    }
    for (let list = 0; list < this.partitions; list++) {
      const held = this.count(list);
      const needed = Math.ceil((held + counts[list]!) / BLOCK_ROWS);
      const before = this.#capacities[list]!;
      if (needed <= before) continue;
      // A new list takes what it needs, one that grows an eighth more.
      const blocks = before === 0 ? needed : Math.max(needed, Math.ceil(before * 1.125));
      const { blockBytes } = this.shape;
      const at = this.memory.allocate(blocks * blockBytes);
      const { u8, u32 } = this.memory.views;
      const from = this.address(list);
      u8.copyWithin(at, from, from + before * blockBytes);
      u8.fill(0, at + before * blockBytes, at + blocks * blockBytes);
      if (before > 0) this.memory.free(from, before * blockBytes);
      u32[this.table / 4 + 2 * list] = at;
      this.#capacities[list] = blocks;
    }
  }

  /** Appends a row; `codes` is an address. Room was reserved. */
  put(list: number, slot: number, bias: number, codes: number): void {
    const place = this.count(list);
    this.memory.exports.putRow(this.layout, list, place, slot, bias, codes);
    this.memory.views.u32[this.table / 4 + 2 * list + 1] = place + 1;
    this.squares += 2 * place + 1;
    this.#listOf[slot] = list;
    this.#placeOf[slot] = place;
  }

  /** Takes the row of a slot out; the last of its list fills the gap. */
  remove(slot: number): void {
    const list = this.#listOf[slot]!;
    const place = this.#placeOf[slot]!;
    const last = this.count(list) - 1;
    if (place !== last) {
      const moved = this.memory.exports.moveRow(this.layout, list, last, place, this.#room);
      this.#placeOf[moved] = place;
    }
    this.memory.views.u32[this.table / 4 + 2 * list + 1] = last;
    this.squares -= 2 * last + 1;
    this.#listOf[slot] = NONE;
  }

  /** Gives back all memory. */
  free(): void {
    const { blockBytes, codeBytes } = this.shape;
    for (let list = 0; list < this.partitions; list++) {
      if (this.#capacities[list]! > 0) this.memory.free(this.address(list), this.#capacities[list]! * blockBytes);
    }
    this.memory.free(this.table, this.partitions * 8);
    this.memory.free(this.#room, codeBytes);
  }

  /** Rows of each list. */
  counts(): Uint32Array {
    return Uint32Array.from({ length: this.partitions }, (_, list) => this.count(list));
  }

  /** The blocks in use of all lists, one after the other: a copy. */
  blocks(): Uint8Array {
    const { blockBytes } = this.shape;
    const used = this.counts().map((count) => Math.ceil(count / BLOCK_ROWS) * blockBytes);
    const all = new Uint8Array(used.reduce((sum, bytes) => sum + bytes, 0));
    let to = 0;
    used.forEach((bytes, list) => {
      all.set(this.memory.views.u8.subarray(this.address(list), this.address(list) + bytes), to);
      to += bytes;
    });
    return all;
  }

  /**
   * Takes over blocks that {@link blocks} gave and that lie at `at`, allocated. Each slot must be live and come once.
   *
   * @returns Whether that is so
   */
  adopt(at: number, counts: Uint32Array, live: Uint32Array): boolean {
    const { blockBytes } = this.shape;
    this.reserve(live.length * 32, new Uint32Array(this.partitions));
    const { u32 } = this.memory.views;
    const [listOf, placeOf] = [this.#listOf, this.#placeOf];
    const most = live.length * 32;
    for (let list = 0; list < this.partitions; list++) {
      const count = counts[list]!;
      u32[this.table / 4 + 2 * list] = at;
      u32[this.table / 4 + 2 * list + 1] = count;
      this.squares += count * count;
      for (let place = 0; place < count; place++) {
        const slot = u32[at / 4 + (place >>> 5) * (blockBytes / 4) + (place & 31)]!;
        if (slot >= most || (live[slot >>> 5]! & (1 << (slot & 31))) === 0 || listOf[slot] !== NONE) return false;
        listOf[slot] = list;
        placeOf[slot] = place;
      }
      this.#capacities[list] = Math.ceil(count / BLOCK_ROWS);
      at += this.#capacities[list]! * blockBytes;
    }
    return true;
  }
}
