import { tensor2d, type Tensor2D } from '@simile/core/ops';
import { createRandom, type Random } from '@simile/core/random';

/** Rows of one length, in float64. */
export type Rows = readonly (readonly number[])[];

/** Rows and class ids of a batch, and of what it is compared with where that is not itself. */
export interface TestBatch {
  readonly name: string;
  readonly labels: readonly number[];
  readonly rows: Rows;
  readonly reference?: { readonly labels: readonly number[]; readonly rows: Rows };
}

/** Rows of normal numbers, rounded to float32 so that a float64 oracle sees the same ones. */
export function normalRows(random: Random, n: number, d: number, scale = 1): number[][] {
  return Array.from({ length: n }, () => Array.from({ length: d }, () => Math.fround(scale * random.normal())));
}

/** Rows of length 1, as float32 has them. */
export function unitRows(random: Random, n: number, d: number): number[][] {
  return normalRows(random, n, d).map((row) => {
    const length = Math.hypot(...row);
    return row.map((x) => Math.fround(x / length));
  });
}

/** Batches without anything special: several sizes, widths, class layouts, raw rows and unit rows. */
export function ordinaryBatches(): TestBatch[] {
  const random = createRandom(20_260_101);
  const balanced = (n: number, classes: number): number[] =>
    random.shuffle(Array.from({ length: n }, (_, i) => i % classes));
  return [
    { name: 'balanced', labels: balanced(12, 4), rows: normalRows(random, 12, 5) },
    { name: 'balanced, unit rows', labels: balanced(15, 3), rows: unitRows(random, 15, 4) },
    { name: 'unbalanced', labels: random.shuffle([7, 7, 7, 7, 7, 2, 2, 2, 9, 5]), rows: normalRows(random, 10, 3) },
    { name: 'unbalanced, unit rows', labels: [0, 0, 0, 0, 0, 0, 1, 1, 3], rows: unitRows(random, 9, 6) },
    { name: 'pairs and lone rows', labels: [4, 1, 4, 8, 1, 0, 6], rows: normalRows(random, 7, 8, 0.5) },
    { name: 'wide', labels: balanced(8, 2), rows: normalRows(random, 8, 33, 0.3) },
    { name: 'narrow', labels: balanced(9, 3), rows: normalRows(random, 9, 2, 2) },
    { name: 'two classes of many', labels: balanced(24, 2), rows: unitRows(random, 24, 3) },
  ];
}

/** Batches that are compared with rows other than their own; some anchors lack a positive or a negative there. */
export function referenceBatches(): TestBatch[] {
  const random = createRandom(20_260_102);
  return [
    {
      name: 'more reference rows than rows',
      labels: [0, 1, 2, 1],
      rows: normalRows(random, 4, 5),
      reference: { labels: [1, 1, 0, 2, 2, 0, 1], rows: normalRows(random, 7, 5) },
    },
    {
      name: 'a class that the reference lacks',
      labels: [3, 0, 1, 1, 0, 3],
      rows: unitRows(random, 6, 4),
      reference: { labels: [0, 1, 1, 5], rows: unitRows(random, 4, 4) },
    },
  ];
}

/** Batches where something is missing or extreme. `exact` ones have a value that an oracle can tell without care. */
export function degenerateBatches(): (TestBatch & { readonly exact: boolean })[] {
  const random = createRandom(20_260_103);
  const six = [0, 0, 1, 1, 2, 2];
  const zeros = (n: number, d: number): number[][] =>
    Array.from({ length: n }, () => Array.from({ length: d }, () => 0));
  const withZeros = normalRows(random, 6, 4);
  withZeros[1] = [0, 0, 0, 0];
  withZeros[4] = [0, 0, 0, 0];
  const copied = normalRows(random, 6, 4);
  copied[1] = copied[0]!;
  copied[3] = copied[0]!;
  const constant = normalRows(random, 6, 4);
  constant[2] = [1, 1, 1, 1];
  const row = normalRows(random, 1, 4)[0]!;
  const scaled = (scale: number): number[][] =>
    normalRows(random, 6, 4).map((values) => values.map((x) => Math.fround(x * scale)));
  return [
    { name: 'one class', labels: [3, 3, 3, 3, 3], rows: normalRows(random, 5, 4), exact: true },
    { name: 'every row alone', labels: [5, 4, 3, 2, 1], rows: normalRows(random, 5, 4), exact: true },
    { name: 'one row', labels: [0], rows: normalRows(random, 1, 4), exact: true },
    { name: 'two rows of a class', labels: [2, 2], rows: normalRows(random, 2, 4), exact: true },
    { name: 'two rows of two classes', labels: [0, 1], rows: normalRows(random, 2, 4), exact: true },
    { name: 'identical rows', labels: six, rows: six.map(() => row), exact: true },
    { name: 'copied rows within and across classes', labels: six, rows: copied, exact: true },
    { name: 'rows of one number', labels: six, rows: normalRows(random, 6, 1), exact: false },
    { name: 'a constant row', labels: six, rows: constant, exact: false },
    { name: 'rows of zeros among others', labels: six, rows: withZeros, exact: false },
    { name: 'rows of zeros only', labels: six, rows: zeros(6, 4), exact: false },
    { name: 'rows of size 1e4', labels: six, rows: scaled(1e4), exact: false },
    { name: 'rows of size 1e-4', labels: six, rows: scaled(1e-4), exact: false },
    { name: 'rows of size 1e-15', labels: six, rows: scaled(1e-15), exact: false },
  ];
}

/** A batch as a failing check prints it. */
export function describeBatch({ name, labels, rows, reference }: TestBatch): string {
  const print = (part: { labels: readonly number[]; rows: Rows }): string =>
    part.rows.length * part.rows[0]!.length > 128
      ? `labels ${JSON.stringify(part.labels)}, rows [${part.rows.length}, ${part.rows[0]!.length}]`
      : `labels ${JSON.stringify(part.labels)}, rows ${JSON.stringify(part.rows)}`;
  return `batch “${name}”: ${print({ labels, rows })}${reference ? `; reference: ${print(reference)}` : ''}`;
}

/** `[n, d]` from rows. */
export function matrix(rows: Rows): Tensor2D {
  return tensor2d(Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]);
}
