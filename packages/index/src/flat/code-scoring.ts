import { cosineOfAngle } from './value-scoring.ts';

/** How rows are compared: as in assembly/flat/exact.ts. */
export const KINDS = { cosine: 0, product: 1, squares: 2, variance: 3 } as const;

/** Codes of a row: a whole number of fours. */
export const codesOf = (dimension: number): number => Math.ceil(dimension / 4) * 4;

/** A query as the kernel for codes takes it. */
export interface CodedQuery {
  /** `[dimension]`: what rows themselves are compared with. */
  readonly exact: Float64Array;
  /** `[coded dimensions]`: whole numbers, in steps of `step`. */
  readonly codes: Int16Array;
  readonly step: number;
  /** Length of the query, rounded up. */
  readonly reach: number;
  /** The true bound of a row that scores `s` is at most `s · factor + shift`. */
  readonly factor: number;
  readonly shift: number;
  /** Whether float32 holds the bounds. */
  readonly fair: boolean;
  /** Score of a row at a distance. */
  readonly scoreOf: (distance: number) => number;
  /** Bound on how far a score near another is from the true one. */
  readonly error: (score: number) => number;
}

/** What is known of the rows when a query comes. */
export interface CodedRowsFacts {
  /** Taken from each row before it is coded: `[dimension]`. */
  readonly mean: Float64Array;
  /** Dimensions that have codes. */
  readonly coded: Uint32Array;
  /** Length of the longest row. */
  readonly longest: number;
  /** Length of the longest row less the mean, with what its codes leave out. */
  readonly reach: number;
}

/** Which kind of comparison ranks a metric, and the score of a distance. */
interface CodeScoring {
  readonly kind: number;
  /** `variance`: of the query, times the dimension. */
  readonly scoreOf: (distance: number, variance: number, dimension: number) => number;
}

const byMetric: Readonly<Record<string, CodeScoring>> = {
  angular: { kind: KINDS.cosine, scoreOf: cosineOfAngle },
  cosine: { kind: KINDS.cosine, scoreOf: (distance) => distance - 1 },
  'normalized-inner-product': { kind: KINDS.cosine, scoreOf: (distance) => distance },
  'inner-product': { kind: KINDS.product, scoreOf: (distance) => distance },
  'squared-euclidean': { kind: KINDS.squares, scoreOf: (distance) => distance },
  euclidean: { kind: KINDS.squares, scoreOf: (distance) => (distance < 0 ? -Infinity : distance * distance) },
  snr: {
    kind: KINDS.variance,
    scoreOf: (distance, variance, dimension) => distance * dimension * Math.max(variance / dimension, 1e-12),
  },
};

/** Kind of comparison of a metric; undefined for one that codes cannot rank. */
export function codeKind(metric: string): number | undefined {
  return Object.hasOwn(byMetric, metric) ? byMetric[metric]!.kind : undefined;
}

/** Below this length a vector has no direction, as `vectorDistance` has it. */
const NO_DIRECTION = 1e-12;
/** Beyond this, squares leave the range of float32. */
const MOST = 1e15;
/** Beyond this many values, float64 errors would have to be counted more finely. */
const MOST_DIMENSIONS = 500_000;

/** A row as kinds compare them: of length 1, less its own mean, or as it is. */
export function comparable(kind: number, row: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(row);
  if (kind === KINDS.cosine) {
    const length = lengthOf(values);
    return values.map((value) => (length > NO_DIRECTION ? value / length : 0));
  }
  const mean = kind === KINDS.variance ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
  return values.map((value) => value - mean);
}

/**
 * Makes a query ready. Let `p` be the query as it is compared, less the mean of the rows for squared differences, and `x = s·c + e` a
 * row less the mean, in codes `c` and what they leave out. Then `p·x = s·p·c + p·e`, and with the query's codes `g`,
 * `p = t·g + d`: `p·x = s·t·(g·c) + s·d·c + p·e`, where `|p·e| ≤ |p| |e|` and `|s·d·c| ≤ |d| (|x| + |e|)` by Cauchy and Schwarz.
 * The first is `reach · error` in the kernel, the second a part of `shift` here.
 */
export function codedQuery(metric: string, vector: Float32Array, facts: CodedRowsFacts): CodedQuery {
  const { kind, scoreOf } = byMetric[metric]!;
  const dimension = vector.length;
  const { mean, coded, longest, reach } = facts;
  const turned = comparable(kind, vector);
  const squared = kind >= KINDS.squares;
  const query = squared ? turned.map((value, j) => value - mean[j]!) : turned;
  const length = lengthOf(query);
  const fair = dimension <= MOST_DIMENSIONS && reach <= MOST && length <= MOST;
  // Sums of products of codes, up to 128 · √dimension · |g|, must stay below 2³¹, and each code of the query below 2¹⁵.
  const most = coded.reduce((most, j) => Math.max(most, Math.abs(query[j]!)), 0);
  const wanted = Math.max(most / 32767, (length * 128 * Math.sqrt(dimension)) / (2 ** 31 * 0.98));
  const step = wanted > 1e-30 && fair ? Math.fround(wanted * 1.000001) : 0;
  const codes = new Int16Array(coded.length);
  let left = 0; // where rows have no codes, theirs leave out all there is, and that is counted there
  for (let i = 0; i < coded.length; i++) {
    const value = query[coded[i]!]!;
    const code = step > 0 ? Math.round(value / step) : 0;
    codes[i] = code;
    left += (value - code * step) ** 2;
  }
  // Float64 rounding of scores, here and in the distance that is worked out at last, several times over.
  const tiny = (dimension + 16) * 2 ** -48;
  const own = lengthOf(vector);
  const absolute = [tiny, tiny * own * longest, 0, tiny * (own + longest) ** 2][kind]!;
  const relative = kind === KINDS.squares ? tiny : 0;
  const factor = squared ? 0.5 : 1;
  const centre = squared ? (-length * length) / 2 : dot(query, mean);
  const rounding = tiny * (length * (reach + lengthOf(mean)) + length * length);
  return {
    exact: kind === KINDS.cosine ? turned : Float64Array.from(vector),
    codes,
    step,
    reach: Math.fround(length * 1.000001),
    factor,
    shift: centre + Math.sqrt(left) * reach * 1.001 + rounding + absolute,
    fair,
    scoreOf: (distance) => scoreOf(distance, squared ? lengthOf(turned) ** 2 : 0, dimension),
    error: (score) => absolute + relative * Math.abs(score),
  };
}

function lengthOf(values: ArrayLike<number>): number {
  let square = 0;
  for (let j = 0; j < values.length; j++) square += values[j]! ** 2;
  return Math.sqrt(square);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
