import {
  add,
  cast,
  div,
  lessEqual,
  max,
  maximum,
  mean,
  mul,
  sqrt,
  square,
  sub,
  sum,
  tidy,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { TrainingMetric } from '../options.ts';

/** Deviation below which a dimension counts as flat, as a share of that of the widest one. */
const FLAT = 0.01;

const TINY = 1e-30;

/** What a batch of embeddings `[n, d]` looks like, each as one number; names are those in logs. */
export const batchStatistics: readonly TrainingMetric[] = [
  metric('spread', (rows) => {
    const around = centered(rows);
    return sqrt(div(sum(square(around)), maximum(sum(square(rows)), TINY))) as Scalar;
  }),
  // The mean square of all distances between two rows is 2 / (n − 1) times the sum of squares around the mean.
  metric(
    'rms_distance',
    (rows) => sqrt(mul(sum(square(centered(rows))), 2 / Math.max(1, rows.shape[0] - 1))) as Scalar,
  ),
  metric('flat_dimensions', (rows) => {
    const deviations = sqrt(mean(square(centered(rows)), 0)); // [d]
    return mean(cast(lessEqual(deviations, add(mul(max(deviations), FLAT), TINY)), 'float32')) as Scalar;
  }),
];

const centered = (rows: Tensor2D): Tensor => sub(rows, mean(rows, 0));

/** A metric by a name that no bundler shortens. */
export function metric(name: string, of: (rows: Tensor2D) => Scalar): TrainingMetric {
  return Object.defineProperty((_: unknown, rows: Tensor2D) => tidy(() => of(rows)), 'name', { value: name });
}
