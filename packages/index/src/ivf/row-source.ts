import type { IvfRows } from './ivf-rows.ts';

/** Rows to learn from or to code: some of the index, then some that come in. */
export interface RowSource {
  readonly count: number;
  /** Slot of row `i`. */
  readonly slot: (i: number) => number;
  /** Writes row `i` as float32 `[width]` to an address. */
  readonly write: (i: number, to: number) => void;
}

/** The rows that come in. */
export function incomingRows({ memory, shape }: IvfRows, slots: Uint32Array, values: Float32Array): RowSource {
  const { dimension, width } = shape;
  return {
    count: slots.length,
    slot: (i) => slots[i]!,
    write: (i, to) => {
      const { f32 } = memory.views;
      f32.set(values.subarray(i * dimension, (i + 1) * dimension), to / 4);
      f32.fill(0, to / 4 + dimension, to / 4 + width);
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
    write: (i, to) => {
      if (i >= count) return incoming.write(i - count, to);
      const from = rows.address(held[i]!) / 4;
      memory.views.f32.copyWithin(to / 4, from, from + shape.width);
    },
  };
}
