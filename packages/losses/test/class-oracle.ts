type Vector = readonly number[];

/** a·b in float64. */
export const dot = (a: Vector, b: Vector): number => a.reduce((total, x, k) => total + x * b[k]!, 0);

/** Cosine of two vectors in float64; 0 where one has no direction. */
export function cosineOf(a: Vector, b: Vector): number {
  const lengths = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
  return lengths === 0 ? 0 : dot(a, b) / lengths;
}

/** log Σ e^x by loops. */
export function logSumExp(values: readonly number[]): number {
  const top = Math.max(...values);
  return top + Math.log(values.reduce((total, x) => total + Math.exp(x - top), 0));
}

/** Mean over rows, whose cost is given by logits and the place of their own class among them. */
export function meanCrossEntropy(
  labels: readonly number[],
  logitsOf: (row: number, label: number) => readonly number[],
): number {
  const costs = labels.map((label, i) => {
    const logits = logitsOf(i, label);
    return logSumExp(logits) - logits[label]!;
  });
  return costs.reduce((total, cost) => total + cost, 0) / costs.length;
}
