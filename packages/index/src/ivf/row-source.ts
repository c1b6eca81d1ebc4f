import type { IvfRows } from './ivf-rows.ts';

/** Rows to learn from or to code: some of the index, then some that come in. */
export interface RowSource {
  readonly count: number;
  /** Slot of row `i`. */
  readonly slot: (i: number) => number;
  /** Writes row `i` `[width]` to place `at` of a memory seen as float32. */
  readonly write: (i: number, into: Float32Array, at: number) => void;
}

/** The rows that come in. */
export function incomingRows({ shape }: IvfRows, slots: Uint32Array, values: Float32Array): RowSource {
  const { dimension, width } = shape;
  return {
    count: slots.length,
    slot: (i) => slots[i]!,
    write: (i, into, at) => {
      into.set(values.subarray(i * dimension, (i + 1) * dimension), at);
      into.fill(0, at + dimension, at + width);
    },
  };
}

/** The rows of the index, but for those that others replace, then the others. */
export function allRows(rows: IvfRows, incoming: RowSource): RowSource {
  const replaced = new Set<number>();
  for (let i = 0; i < incoming.count; i++) {
    if (rows.has(incoming.slot(i))) replaced.add(incoming.slot(i));
  }
  const held = new Uint32Array(rows.size - replaced.size);
  let count = 0;
  for (let word = 0; word < rows.live.length; word++) {
    for (let bits = rows.live[word]!; bits !== 0; bits &= bits - 1) {
      const slot = word * 32 + 31 - Math.clz32(bits & -bits);
      if (!replaced.has(slot)) held[count++] = slot;
    }
  }
  const { memory, shape } = rows;
  return {
    count: count + incoming.count,
    slot: (i) => (i < count ? held[i]! : incoming.slot(i - count)),
    write: (i, into, at) => {
      if (i >= count) return incoming.write(i - count, into, at);
      const from = rows.address(held[i]!) / 4;
      into.set(memory.views.f32.subarray(from, from + shape.width), at);
    },
  };
}
