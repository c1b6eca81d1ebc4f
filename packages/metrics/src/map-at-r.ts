import { shapeError, type ClassLabel } from './neighbor-table.ts';
import { averageOverQueries, type IsRight, type RankedNeighbors, type RankingOptions } from './ranked-neighbors.ts';

/**
 * MAP@R: mean over the queries of the average precision over the first `R` ranks, where `R` is how many rows of the gallery
 * share the query's label (the query itself not counted).
 *
 * $$ \frac1n \sum_i \frac{1}{R_i} \sum_{r=1}^{R_i} P_i(r)\,\operatorname{rel}_i(r) $$
 *
 * P is the precision of the first r ranks, rel is 1 where rank `skip` + r is right, else 0. Ranks past the end of a list count
 * as wrong, so give at least `skip + R`. A query with `R` = 0 is left out. Cost: O(n·R) time.
 *
 * @param neighbors Labels and ranked neighbours
 * @param relevant `[n]`, the `R` of each query
 * @returns From 0 to 1; NaN when no query counts
 * @throws `ERR_SHAPE` when the lists do not agree
 * @see Musgrave, Belongie & Lim, “A Metric Learning Reality Check”, ECCV 2020, eq. 1: https://arxiv.org/abs/2003.08505
 * @example
 * mapAtR({ labels: [0], neighborLabels: [0, 1, 0] }, [2]); // (1/1 · 1 + 1/2 · 0) / 2 = 0.5
 */
export function mapAtR<L extends ClassLabel>(
  neighbors: RankedNeighbors<L>,
  relevant: ArrayLike<number>,
  options: RankingOptions = {},
): number {
  checkRelevant('map-at-r', neighbors, relevant);
  return averageOverQueries('map-at-r', neighbors, options, (isRight, row, width) =>
    averagePrecision(isRight, relevant[row]!, Math.min(relevant[row]!, width)),
  );
}

/** `Σ_{i ≤ ranks} P(i) · rel(i) / relevant`; undefined without relevant rows. */
export function averagePrecision(isRight: IsRight, relevant: number, ranks: number): number | undefined {
  if (relevant === 0) return undefined;
  let hits = 0;
  let total = 0;
  for (let rank = 0; rank < ranks; rank++) {
    if (isRight(rank)) total += ++hits / (rank + 1);
  }
  return total / relevant;
}

/** One count a query. @throws `ERR_SHAPE` */
export function checkRelevant(where: string, { labels }: RankedNeighbors, relevant: ArrayLike<number>): void {
  if (relevant.length !== labels.length) {
    throw shapeError(where, `relevant must have ${labels.length} counts, one a query`, relevant.length);
  }
}
