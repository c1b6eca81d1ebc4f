/** Unit roundoff of float32: half the distance from 1 to the next number. */
const U = 2 ** -24;
/** Below this length a vector has no direction, as `vectorDistance` has it. */
const NO_DIRECTION = 1e-12;
/** What is worked out once about a row. */
export interface RowTerms {
  readonly bias: number;
  readonly scale: number;
}

/** A query as the kernel takes it, and what its scores are worth. */
export interface ScoredQuery {
  /** `[dimension]`, for the kernel. */
  readonly values: Float64Array;
  /** Score of a row at a distance. */
  readonly scoreOf: (distance: number) => number;
  /** Bound on how far a computed score near `score` is from the true one; Infinity when float32 cannot hold the numbers. */
  readonly error: (score: number) => number;
}

/** How a metric is ranked by the scores of float32 rows: the true score grows with the distance, whatever the row. */
export interface ValueScoring {
  readonly sum: 'Products' | 'Differences' | 'Largest';
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
export function valueScoring(metric: string): ValueScoring | undefined {
  return Object.hasOwn(byMetric, metric) ? byMetric[metric] : undefined;
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
): ValueScoring {
  return {
    sum: 'Products',
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

/** Minus the cosine, in a distance of one's own. */
function byAngle(scoreOf: (distance: number) => number): ValueScoring {
  return {
    sum: 'Products',
    // Scale 0 puts a row without direction where a right angle is.
    terms: (_, square) => ({ bias: 0, scale: Math.sqrt(square) > NO_DIRECTION ? 1 / Math.sqrt(square) : 0 }),
    query: (vector, longest) => {
      const length = lengthOf(vector);
      const values = Float64Array.from(vector, (value) => (length > NO_DIRECTION ? value / length : 0));
      const error = longest <= 1e30 ? gamma(vector.length) : Infinity;
      return { values, scoreOf, error: () => error };
    },
  };
}

/** A sum, or the largest, of the differences. */
function byDifferences(sum: 'Differences' | 'Largest', perDimension: boolean): ValueScoring {
  return {
    sum,
    terms: () => ({ bias: 0, scale: 1 }),
    query: (vector, longest) => {
      const fair = (lengthOf(vector) + longest) * Math.sqrt(vector.length) <= 1e30;
      const relative = gamma(sum === 'Largest' ? 1 : vector.length);
      return {
        values: Float64Array.from(vector),
        scoreOf: (distance) => (perDimension ? distance * vector.length : distance),
        error: (score) => (fair ? relative * score : Infinity),
      };
    },
  };
}

const byMetric: Readonly<Record<string, ValueScoring>> = {
  angular: byAngle(cosineOfAngle),
  cosine: byAngle((distance) => distance - 1),
  'normalized-inner-product': byAngle((distance) => distance),
  'inner-product': {
    sum: 'Products',
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
  chebyshev: byDifferences('Largest', false),
  hamming: byDifferences('Differences', true),
  manhattan: byDifferences('Differences', false),
};

/** Minus the cosine of an angle; beyond any where the angle is. */
export function cosineOfAngle(angle: number): number {
  if (angle < 0) return -Infinity;
  return angle > Math.PI ? Infinity : -Math.cos(angle);
}
