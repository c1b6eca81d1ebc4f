import type { GoldenViewLoss } from '@simile/testing';

type Vector = readonly number[];

/** a·b in float64. */
export const dot = (a: Vector, b: Vector): number => a.reduce((total, x, k) => total + x * b[k]!, 0);

/** Cosine of two vectors in float64; 0 where one has no direction. */
export function cosineOf(a: Vector, b: Vector): number {
  const lengths = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
  return lengths === 0 ? 0 : dot(a, b) / lengths;
}

/** Mean of numbers. */
export const mean = (values: Vector): number => values.reduce((total, x) => total + x, 0) / values.length;

/** `log Σ e^x` by loops. */
export function logSumExp(values: Vector): number {
  const top = Math.max(...values);
  return top + Math.log(values.reduce((total, x) => total + Math.exp(x - top), 0));
}

/** Column `k` of each row. */
export const column = (rows: readonly Vector[], k: number): number[] => rows.map((row) => row[k]!);

/** Recorded cases as the checks take them. */
export function goldenViews<Options>(cases: readonly unknown[]): GoldenViewLoss<Options>[] {
  return cases as GoldenViewLoss<Options>[];
}
