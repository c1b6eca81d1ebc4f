import { checkRelevant } from './map-at-r.ts';
import type { ClassLabel } from './neighbor-table.ts';
import { averageOverQueries, type RankedNeighbors, type RankingOptions } from './ranked-neighbors.ts';

/**
 * R-precision: mean over the queries of the share of the first `R` ranks that are right, where `R` is how many rows of the
 * gallery share the query's label (the query itself not counted). Ranks past the end of a list count as wrong, so give at
 * least `skip + R`. A query with `R` = 0 is left out.
 *
 * $$ \frac1n \sum_i \frac{1}{R_i} \sum_{r=1}^{R_i} \operatorname{rel}_i(r) $$
 *
 * rel is 1 where the neighbour at rank `skip` + r has the label of query i, else 0. Cost: O(n·R) time.
 *
 * @param neighbors Labels and ranked neighbours
 * @param relevant `[n]`, the `R` of each query
 * @returns From 0 to 1; NaN when no query counts
 * @throws `ERR_SHAPE` when the lists do not agree
 * @see Musgrave, Belongie & Lim, “A Metric Learning Reality Check”, ECCV 2020, section 3.2: https://arxiv.org/abs/2003.08505
 * @example
 * rPrecision({ labels: [0], neighborLabels: [0, 1, 0] }, [2]); // 0.5
 */
export function rPrecision<L extends ClassLabel>(
  neighbors: RankedNeighbors<L>,
  relevant: ArrayLike<number>,
  options: RankingOptions = {},
): number {
  checkRelevant('r-precision', neighbors, relevant);
  return averageOverQueries('r-precision', neighbors, options, (isRight, row) => {
    let hits = 0;
    for (let rank = 0; rank < relevant[row]!; rank++) if (isRight(rank)) hits++;
    return relevant[row] === 0 ? undefined : hits / relevant[row]!;
  });
}
