import { takeItems, type LabelledItems } from '@simile/core/items';

/** The first `count` items of each class, in the order of the data. */
export function firstOfEach({ x, labels }: LabelledItems<Uint8Array>, count: number): LabelledItems<Uint8Array> {
  const seen = new Map<number, number>();
  const rows = [...labels.keys()].filter((row) => {
    const before = seen.get(labels[row]!) ?? 0;
    seen.set(labels[row]!, before + 1);
    return before < count;
  });
  return { x: takeItems(x, rows), labels: Int32Array.from(rows, (row) => labels[row]!) };
}

/** An IDX file of bytes: type 8 (uint8), the number of axes, each axis as a big-endian word, the values. */
export function writeIdx(values: ArrayLike<number>, shape: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length);
  const view = new DataView(bytes.buffer);
  bytes[2] = 8;
  bytes[3] = shape.length;
  shape.forEach((length, axis) => view.setUint32(4 + 4 * axis, length));
  bytes.set(values, 4 + 4 * shape.length);
  return bytes;
}
