import { checkInteger, checkOneOf, SimileError } from '@simile/core/errors';
import { shapeError, type ClassLabel } from './neighbor-table.ts';

/** Ranked neighbours of queries whose labels are known. */
export interface RankedNeighbors<L extends ClassLabel = ClassLabel> {
  /** `[n]`, the queries' own labels. */
  readonly labels: ArrayLike<L>;
  /** `[n × width]`, row-major, closest first; null at places not in use. */
  readonly neighborLabels: ArrayLike<L | null>;
  /** `[n × width]`; needed only with `radius`. */
  readonly neighborDistances?: ArrayLike<number>;
}

/** Options that the ranking metrics share. */
export interface RankingOptions {
  /** Ranks to pass over before the first that counts: 1 where rank 1 is the query itself. Default 0. */
  readonly skip?: number;
  /** A neighbour farther than this, in the unit of the distances, is not right, whatever its label; inclusive. Default no limit. */
  readonly radius?: number;
  /** `micro`: mean over queries. `macro`: mean over classes of the mean over a class's queries. Default `micro`. */
  readonly average?: 'micro' | 'macro';
}

/** Whether the neighbour at a rank (from 0, skipped ones left out) is right; false past the end of the list. */
export type IsRight = (rank: number) => boolean;

/**
 * Averages a value a query over the queries. `valueOf` gives undefined for a query to leave out.
 *
 * @throws `ERR_SHAPE`, `ERR_OPTION`
 * @returns NaN when no query counts
 */
export function averageOverQueries<L extends ClassLabel>(
  where: string,
  { labels, neighborLabels, neighborDistances }: RankedNeighbors<L>,
  { skip = 0, radius = Infinity, average = 'micro' }: RankingOptions,
  valueOf: (isRight: IsRight, row: number, width: number) => number | undefined,
): number {
  checkInteger(where, { skip }, 0);
  checkOneOf(where, { average }, ['micro', 'macro']);
  if (Number.isNaN(radius)) throw optionError(where, 'radius must be a number', radius);
  const width = labels.length === 0 ? 0 : neighborLabels.length / labels.length;
  if (!Number.isInteger(width)) {
    throw shapeError(
      where,
      `neighborLabels must have a multiple of ${labels.length} values, one list a query`,
      neighborLabels.length,
    );
  }
  if (radius < Infinity && neighborDistances?.length !== neighborLabels.length) {
    throw shapeError(where, 'radius needs neighborDistances, one a neighbour', neighborDistances?.length ?? 'none');
  }
  return averageOf(labels, average, (row) => {
    const isRight: IsRight = (rank) => {
      const at = skip + rank;
      if (at >= width || neighborLabels[row * width + at] !== labels[row]) return false;
      return radius === Infinity || neighborDistances![row * width + at]! <= radius;
    };
    return valueOf(isRight, row, Math.max(0, width - skip));
  });
}

/** Mean of a value a query: over queries, or over the means of the classes; NaN when no query counts. */
export function averageOf<L extends ClassLabel>(
  labels: ArrayLike<L>,
  average: 'micro' | 'macro',
  valueOf: (row: number) => number | undefined,
): number {
  const sums = new Map<L | undefined, { total: number; count: number }>();
  for (let row = 0; row < labels.length; row++) {
    const value = valueOf(row);
    if (value === undefined) continue;
    const key = average === 'macro' ? labels[row] : undefined;
    const sum = sums.get(key) ?? { total: 0, count: 0 };
    sums.set(key, { total: sum.total + value, count: sum.count + 1 });
  }
  let total = 0;
  for (const sum of sums.values()) total += sum.total / sum.count;
  return total / sums.size;
}

/** `k` ranks must be there, else the metric would not be the one asked for. @throws `ERR_OPTION` */
export function checkRanks(where: string, k: number, width: number): void {
  if (k <= width) return;
  throw optionError(where, `k must be at most the ${width} ranks that each query has`, k);
}

function optionError(where: string, rule: string, got: unknown): SimileError {
  return new SimileError({ where, rule, got, remedy: 'Ask for more neighbours, or a smaller k.', code: 'ERR_OPTION' });
}
