/** Unit roundoff of float32. */
const U = 2 ** -24;
/** Sizes of numbers whose products and squares float32 holds with room to spare. */
const FAIR = { least: 1e-12, most: 1e15 } as const;

/** Bound on how far a float32 score of the kernel can be from the true one; Infinity where float32 cannot hold the numbers. */
export type ScoreError = (score: number) => number;

/**
 * Errors of the scores by which the kernel ranks rows: −cos · |q| for cosine, minus the product, the square of the difference. A sum of
 * d products in float32 is off by at most γ Σ|q_j x_j| ≤ γ |q| |x| with γ = d·u/(1 − d·u); eight units more stand for roots, quotients and
 * rounding of the parts.
 *
 * @param longest Length of the longest row
 * @see Higham, “Accuracy and Stability of Numerical Algorithms”, 2nd edition, 2002, section 3.1
 */
export function scoreError(metric: number, query: Float32Array, longest: number): ScoreError {
  const d = query.length;
  const gamma = ((d + 8) * U) / Math.max(0.5, 1 - d * U);
  const length = lengthOf(query);
  const isFair = [length, longest].every((size) => size === 0 || (size >= FAIR.least && size <= FAIR.most));
  if (!isFair) return () => Infinity;
  const least = d * 1e-37; // of numbers too small for float32
  if (metric === 0) return () => 2 * gamma * length + least;
  if (metric === 1) return () => gamma * length * longest + least;
  if (metric === 2) return (score) => gamma * Math.abs(score) + least;
  return () => 4 * gamma * (length + longest) ** 2 + least;
}

/** Length of a vector, in float64. */
function lengthOf(vector: ArrayLike<number>): number {
  let square = 0;
  for (let j = 0; j < vector.length; j++) square += vector[j]! * vector[j]!;
  return Math.sqrt(square);
}

/** Length of the longest of rows `[n, dimension]`, `least` at least. */
export function longestOf(rows: Float32Array, dimension: number, least: number): number {
  let longest = least;
  for (let at = 0; at < rows.length; at += dimension) {
    longest = Math.max(longest, lengthOf(rows.subarray(at, at + dimension)));
  }
  return longest;
}
