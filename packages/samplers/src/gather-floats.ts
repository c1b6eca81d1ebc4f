import { itemSize, type Items } from '@simile/core/items';

/** The items at `rows`, in that order, copied as float32. */
export function gatherFloats(items: Items, rows: ArrayLike<number>): Items<Float32Array> {
  const [, ...item] = items.shape;
  const size = itemSize(items.shape);
  const data = new Float32Array(rows.length * size);
  for (let i = 0; i < rows.length; i++) {
    data.set(items.data.subarray(rows[i]! * size, (rows[i]! + 1) * size), i * size);
  }
  return { data, shape: [rows.length, ...item] };
}
