import type { RowTerms } from './flat-rows.ts';

/** Unit roundoff of float32: half the distance from 1 to the next number. */
const U = 2 ** -24;
/** Below this length a vector has no direction, as `vectorDistance` has it. */
const NO_DIRECTION = 1e-12;
/** A query as the kernel takes it, and what its scores are worth. */
export interface ScoredQuery {
  /** `[dimension]`, for the kernel. */
  readonly values: Float64Array;
  /** Score of a row at a distance. */
  readonly scoreOf: (distance: number) => number;
  /** Bound on how far a computed score near `score` is from the true one; Infinity when float32 cannot hold the numbers. */
  readonly error: (score: number) => number;
}

/** How a metric is ranked by the kernel's scores: the true score grows with the distance, whatever the row. */
export interface FlatScoring {
  readonly sum: 'products' | 'differences';
  readonly terms: (mean: number, square: number, dimension: number) => RowTerms;
  /** `longest`: length of the longest row. */
  readonly query: (values: Float32Array, longest: number) => ScoredQuery;
}

/**
 * Scoring of a metric; undefined for one that sums of products and differences cannot rank.
 *
 * The error bounds are those of a dot product in float32, `|computed − true| ≤ γ_d Σ|q_j x_j| ≤ γ_d |q| |x|` with
 * `γ_d = d·u / (1 − d·u)`, and some units more for rounding the query, bias, scale and score itself. An error below float32's smallest number, which
 * the bound leaves out, is nothing beside the sizes that are let in.
 *
 * @see Higham, “Accuracy and Stability of Numerical Algorithms”, 2nd edition, 2002, section 3.1
 */
export function flatScoring(metric: string): FlatScoring | undefined {
  return byMetric[metric];
}

const gamma = (dimension: number): number => ((dimension + 8) * U * 1.01) / Math.max(0.5, 1 - dimension * U);

function lengthOf(values: ArrayLike<number>): number {
  let square = 0;
  for (let j = 0; j < values.length; j++) square += values[j]! ** 2;
  return Math.sqrt(square);
}

/** Whether float32 holds sums of products of such a size: far from its limits, 1e-38 and 3e38. */
const isFair = (...sizes: number[]): boolean => sizes.every((size) => size === 0 || (size >= 1e-30 && size <= 1e30));

/** Half the square of the difference less half that of the query: `|x|²/2 − q·x`. */
function halfSquares(
  centred: boolean,
  scoreOf: (square: number, dimension: number) => (d: number) => number,
): FlatScoring {
  return {
    sum: 'products',
    terms: (mean, square, dimension) => ({
      bias: Math.max(0, centred ? square - dimension * mean * mean : square) / 2,
      scale: 1,
    }),
    query: (vector, longest) => {
      const mean = centred ? vector.reduce((sum, value) => sum + value, 0) / vector.length : 0;
      const values = Float64Array.from(vector, (value) => value - mean);
      const length = lengthOf(values);
      const sizes = [length * longest, longest * longest] as const;
      const error = isFair(...sizes) ? gamma(vector.length) * (sizes[0] + sizes[1]) : Infinity;
      return { values, scoreOf: scoreOf(length * length, vector.length), error: () => error };
    },
  };
}

const byMetric: Readonly<Record<string, FlatScoring>> = {
  cosine: {
    sum: 'products',
    // −cos: the distance is 1 more. Scale 0 puts a row without direction at distance 1.
    terms: (_, square) => ({ bias: 0, scale: Math.sqrt(square) > NO_DIRECTION ? 1 / Math.sqrt(square) : 0 }),
    query: (vector, longest) => {
      const length = lengthOf(vector);
      const values = Float64Array.from(vector, (value) => (length > NO_DIRECTION ? value / length : 0));
      const error = longest <= 1e30 ? gamma(vector.length) : Infinity;
      return { values, scoreOf: (distance) => distance - 1, error: () => error };
    },
  },
  'inner-product': {
    sum: 'products',
    terms: () => ({ bias: 0, scale: 1 }),
    query: (vector, longest) => {
      const size = lengthOf(vector) * longest;
      const error = isFair(size) ? gamma(vector.length) * size : Infinity;
      return { values: Float64Array.from(vector), scoreOf: (distance) => distance, error: () => error };
    },
  },
  'squared-euclidean': halfSquares(false, (square) => (distance) => (distance - square) / 2),
  euclidean: halfSquares(
    false,
    (square) => (distance) => (distance < 0 ? -Infinity : (distance * distance - square) / 2),
  ),
  // Variance of the difference: squares of the rows less their means. A query less its mean ignores the mean of a row.
  snr: halfSquares(
    true,
    (square, dimension) => (distance) => (distance * dimension * Math.max(square / dimension, 1e-12) - square) / 2,
  ),
  manhattan: {
    sum: 'differences',
    terms: () => ({ bias: 0, scale: 1 }),
    query: (vector, longest) => {
      const fair = (lengthOf(vector) + longest) * Math.sqrt(vector.length) <= 1e30;
      const relative = gamma(vector.length);
      return {
        values: Float64Array.from(vector),
        scoreOf: (distance) => distance,
        error: (score) => (fair ? relative * score : Infinity),
      };
    },
  },
};
