import { createRandom } from '@simile/core/random';
import { normalRows, type Rows } from './batches.ts';
import type { ClassBatch } from './class-loss-checks.ts';
import { rotateRows } from './rotate-rows.ts';

/** A batch of class ids with the weights of a loss, under a name for messages. */
export interface NamedBatch extends ClassBatch {
  readonly name: string;
}
/** Weights for every class up to the largest label, and for one that the batch lacks. */
export function withWeights(
  { name, labels, rows }: { name: string; labels: readonly number[]; rows: Rows },
  perClass: number,
): NamedBatch {
  const random = createRandom(20_260_104);
  const classes = Math.max(...labels) + 2;
  return { name, labels, rows, weights: normalRows(random, classes * perClass, rows[0]!.length) };
}

/** Rows and weights where an angle is 0 or π, or has no meaning. */
export function extremeClassBatches(perClass: number): NamedBatch[] {
  const weights = normalRows(createRandom(20_260_105), 3 * perClass, 4);
  const own = (sign: number): number[][] => [0, 1, 2].map((label) => weights[label * perClass]!.map((x) => sign * x));
  const labels = [0, 1, 2];
  const rows = normalRows(createRandom(20_260_106), 3, 4);
  const filled = (value: number): number[][] => weights.map((row) => row.map(() => value));
  const scaled = (scale: number): number[][] => weights.map((row) => row.map((x) => Math.fround(scale * x)));
  return [
    { name: 'rows along their weights', labels, rows: own(1), weights },
    { name: 'rows against their weights', labels, rows: own(-1), weights },
    { name: 'weights of zeros', labels, rows, weights: filled(0) },
    { name: 'identical weights', labels, rows, weights: filled(1) },
    { name: 'weights of size 1e4', labels, rows, weights: scaled(1e4) },
    { name: 'weights of size 1e-4', labels, rows, weights: scaled(1e-4) },
  ];
}

/** The same rows in another order. */
export function shuffled({ labels, rows, weights }: NamedBatch): ClassBatch {
  const order = createRandom(5).shuffle(labels.map((_, i) => i));
  return { labels: order.map((i) => labels[i]!), rows: order.map((i) => rows[i]!), weights };
}

/** The last class becomes the first, with its weights. */
export function reversed({ labels, rows, weights }: NamedBatch, perClass: number): ClassBatch {
  const classes = weights.length / perClass;
  const last = (at: number): number => classes - 1 - at;
  const moved = weights.map((_, i) => weights[last(Math.floor(i / perClass)) * perClass + (i % perClass)]!);
  return { labels: labels.map(last), rows, weights: moved };
}

/** Rows and weights turned by one rotation. */
export function turned({ labels, rows, weights }: NamedBatch): ClassBatch {
  const both = rotateRows([...rows, ...weights]);
  return { labels, rows: both.slice(0, rows.length), weights: both.slice(rows.length) };
}

/** With two rows whose labels are no class of the loss. */
export function withStrangers({ labels, rows, weights }: NamedBatch): ClassBatch {
  return { labels: [-1, ...labels, weights.length], rows: [rows[1]!, ...rows, rows[0]!], weights };
}
