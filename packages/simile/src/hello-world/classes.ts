import type { LabelledItems } from '@simile/core/items';
import { sliceItems, takeItems, type Items } from '@simile/core/items';

/** Digits in the order of TensorFlow Similarity's notebook. */
export const digitOrder: readonly number[] = [2, 3, 1, 7, 9, 6, 8, 5, 0, 4];
/** The digits that are trained on. */
export const trainedDigits: readonly number[] = digitOrder.slice(0, 6);
/** The digits that are never seen in training. */
export const unseenDigits: readonly number[] = digitOrder.slice(6);

/** Items with their labels, both in the same order. */
export interface Part {
  readonly x: Items<Uint8Array>;
  readonly labels: Int32Array;
}

/** The first `count` items. */
export function first({ x, labels }: LabelledItems<Uint8Array>, count: number): Part {
  return { x: sliceItems(x, 0, count), labels: labels.slice(0, count) };
}

/** The last `perClass` items of each digit, class by class: index images, none of which is a calibration query. */
export function lastOfEach({ x, labels }: LabelledItems<Uint8Array>, perClass: number): Part {
  const rows = digitOrder.flatMap((digit) => {
    const found: number[] = [];
    for (let row = labels.length - 1; row >= 0 && found.length < perClass; row--)
      if (labels[row] === digit) found.push(row);
    return found.reverse();
  });
  return { x: takeItems(x, rows), labels: Int32Array.from(rows, (row) => labels[row]!) };
}

/** Rows whose label is one of `digits`. */
export function rowsOf(labels: Int32Array, digits: readonly number[]): number[] {
  const rows: number[] = [];
  labels.forEach((label, row) => {
    if (digits.includes(label)) rows.push(row);
  });
  return rows;
}
