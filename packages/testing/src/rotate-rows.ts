import { createRandom } from '@simile/core/random';
import type { Rows } from './batches.ts';

/** Rows turned by one rotation (and perhaps reflection) of their space, rounded to float32. */
export function rotateRows(rows: Rows): number[][] {
  const d = rows[0]!.length;
  const random = createRandom(d);
  const axes: number[][] = [];
  while (axes.length < d) {
    const axis = Array.from({ length: d }, () => random.normal());
    // Twice, so that what rounding left of the other axes is gone as well.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of axes) {
        const along = dot(axis, other);
        for (let k = 0; k < d; k++) axis[k]! -= along * other[k]!;
      }
    }
    const length = Math.sqrt(dot(axis, axis));
    axes.push(axis.map((x) => x / length));
  }
  return rows.map((row) => axes.map((axis) => Math.fround(dot(row, axis))));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, x, k) => total + x * b[k]!, 0);
}
