import type { Distance } from '@simile/core';
import { dispose, mul, ones, sum, valueAndGrads, type Scalar, type Tensor, type Tensor2D } from '@simile/core/ops';
import { matrix, type Rows } from './batches.ts';
import { CheckFailure } from './check.ts';
import { tensorCount } from './on-backend.ts';

/** What a distance gives for two matrices. */
export interface DistanceRun {
  readonly values: Float32Array;
  /** Of the sum of the matrix under weights, by `a` and, where there is one, by `b`. */
  readonly gradients: readonly Float32Array[];
  /** Tensors that one call made and left. */
  readonly made: number;
}

/** Matrix and gradients; disposes of all tensors it made. */
export async function runDistance(distance: Distance, a: Rows, b?: Rows, weights?: Rows): Promise<DistanceRun> {
  const inputs = [matrix(a), ...(b ? [matrix(b)] : [])];
  const cotangent = weights ? matrix(weights) : ones([a.length, (b ?? a).length]);
  const before = tensorCount();
  const result = distance(...(inputs as [Tensor2D, Tensor2D]));
  const made = tensorCount() - before;
  const [n, m] = [a.length, (b ?? a).length];
  if (result.rank !== 2 || result.shape[0] !== n || result.shape[1] !== m) {
    throw new CheckFailure(`the matrix has shape [${result.shape.join(', ')}] in place of [${n}, ${m}]`);
  }
  const { value, grads } = valueAndGrads((...x: Tensor[]): Scalar =>
    sum(mul(distance(...(x as [Tensor2D, Tensor2D])), cotangent)),
  )(inputs);
  const [values, ...gradients] = (await Promise.all([result, ...grads].map((x) => x.data()))) as Float32Array[];
  dispose([result, value, cotangent, ...grads, ...inputs]);
  return { values: values!, gradients, made };
}

/** Matrices as a failing check prints them. */
export function describeRows(a: Rows, b: Rows | undefined): string {
  const print = (rows: Rows): string =>
    rows.length * rows[0]!.length > 128 ? `[${rows.length}, ${rows[0]!.length}]` : JSON.stringify(rows);
  return `a ${print(a)}${b ? `, b ${print(b)}` : ''}`;
}
