import { createRandom } from '@simile/core/random';
import type { TestBatch } from './batches.ts';
import { rotateRows } from './rotate-rows.ts';

/** The same rows in another order. */
export function shuffled(batch: TestBatch): TestBatch {
  const order = createRandom(5).shuffle(batch.labels.map((_, i) => i));
  return { ...batch, labels: order.map((i) => batch.labels[i]!), rows: order.map((i) => batch.rows[i]!) };
}

/** Other names for the classes. */
export function relabelled(batch: TestBatch): TestBatch {
  const rename = (labels: readonly number[]): number[] => labels.map((label) => 1000 - 37 * label);
  const { reference } = batch;
  return {
    ...batch,
    labels: rename(batch.labels),
    ...(reference && { reference: { ...reference, labels: rename(reference.labels) } }),
  };
}

/** All rows turned together. */
export function turned(batch: TestBatch): TestBatch {
  const { reference } = batch;
  return {
    ...batch,
    rows: rotateRows(batch.rows),
    ...(reference && { reference: { ...reference, rows: rotateRows(reference.rows) } }),
  };
}
