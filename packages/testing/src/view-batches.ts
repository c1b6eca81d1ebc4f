import { createRandom } from '@simile/core/random';
import { normalRows, unitRows, type Rows } from './batches.ts';
import { rotateRows } from './rotate-rows.ts';

/** Two views of the same items, and what they are compared with where that is not each other. */
export interface ViewBatch {
  readonly first: Rows;
  readonly second: Rows;
  readonly targets?: { readonly first: Rows; readonly second: Rows };
}

/** A batch that always has targets, under a name for messages. */
export interface NamedViewBatch extends ViewBatch {
  readonly name: string;
  readonly targets: { readonly first: Rows; readonly second: Rows };
}

/** Rows near the given ones, rounded to float32. */
function near(rows: Rows, noise: number, seed: number): number[][] {
  const random = createRandom(seed);
  return rows.map((row) => row.map((x) => Math.fround(x + noise * random.normal())));
}

function batch(name: string, first: Rows, second: Rows, seed: number): NamedViewBatch {
  return { name, first, second, targets: { first: near(first, 0.3, seed), second: near(second, 0.3, seed + 1) } };
}

/** Views without anything special: several sizes and widths, raw rows and unit rows, near views and far ones. */
export function ordinaryViewBatches(): NamedViewBatch[] {
  const random = createRandom(20_260_201);
  const views = (name: string, first: Rows, noise: number, at: number): NamedViewBatch =>
    batch(name, first, near(first, noise, 100 + 10 * at), 200 + 10 * at);
  return [
    views('raw rows', normalRows(random, 6, 4), 0.4, 0),
    views('unit rows', unitRows(random, 8, 3), 0.1, 1),
    views('more numbers than items', normalRows(random, 4, 7, 0.6), 0.3, 2),
    views('more items than numbers', normalRows(random, 12, 3, 2), 1.5, 3),
    views('two items', normalRows(random, 2, 5), 0.5, 4),
    batch('unrelated views', normalRows(random, 7, 5), normalRows(random, 7, 5), 260),
  ];
}

/** Views where something is missing or extreme. `exact` ones have a value that an oracle can tell without care. */
export function degenerateViewBatches(): (NamedViewBatch & { readonly exact: boolean })[] {
  const random = createRandom(20_260_202);
  const six = (): number[][] => normalRows(random, 6, 4);
  const make = (name: string, exact: boolean, first: Rows, second: Rows = near(first, 0.2, 300)) => ({
    ...batch(name, first, second, 310),
    exact,
  });
  const zeros = six().map((row) => row.map(() => 0));
  const raw = six();
  const [row] = six();
  const withZeros = six().map((values, i) => (i % 3 === 1 ? [0, 0, 0, 0] : values));
  const copied = six().map((values, i) => (i % 2 ? raw[0]! : values));
  const constant = six().map(([, ...others]) => [1, ...others]);
  const scaled = (scale: number) => {
    const rows = (): Rows => six().map((values) => values.map((x) => Math.fround(x * scale)));
    const name = `rows of size ${scale.toExponential(0).replace('+', '')}`;
    return { name, exact: false, first: rows(), second: rows(), targets: { first: rows(), second: rows() } };
  };
  return [
    make('one item', true, normalRows(random, 1, 4)),
    make('views that are equal', true, raw, raw),
    make(
      'views that are opposite',
      true,
      raw,
      raw.map((values) => values.map((x) => -x)),
    ),
    make(
      'identical rows',
      true,
      raw.map(() => row!),
      raw.map(() => row!),
    ),
    make('copied rows', true, copied, copied),
    make('rows of one number', false, normalRows(random, 6, 1)),
    make('a constant column', false, constant, constant),
    make('rows of zeros among others', false, withZeros),
    { ...make('rows of zeros only', false, zeros, zeros), targets: { first: zeros, second: zeros } },
    scaled(1e4),
    scaled(1e-4),
    scaled(1e-15),
  ];
}

/** Every matrix of a batch changed alike. */
function changed({ first, second, targets }: NamedViewBatch, change: (rows: Rows) => Rows): ViewBatch {
  const both = { first: change(targets.first), second: change(targets.second) };
  return { first: change(first), second: change(second), targets: both };
}

/** The same items in another order. */
export function reordered(batch: NamedViewBatch): ViewBatch {
  const order = createRandom(5).shuffle(batch.first.map((_, i) => i));
  return changed(batch, (rows) => order.map((i) => rows[i]!));
}

/** All rows turned by one rotation. */
export function rotated(batch: NamedViewBatch): ViewBatch {
  return changed(batch, rotateRows);
}

/** The second view in place of the first. */
export function swapped({ first, second, targets }: NamedViewBatch): ViewBatch {
  return { first: second, second: first, targets: { first: targets.second, second: targets.first } };
}

/** A batch as a failing check prints it. */
export function describeViews({ name, first, second, targets }: ViewBatch & { readonly name: string }): string {
  const print = (rows: Rows): string =>
    rows.length * rows[0]!.length > 64 ? `[${rows.length}, ${rows[0]!.length}]` : JSON.stringify(rows);
  const aims = targets ? `; targets ${print(targets.first)}, ${print(targets.second)}` : '';
  return `batch “${name}”: ${print(first)}, ${print(second)}${aims}`;
}
