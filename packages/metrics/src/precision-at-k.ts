import { checkInteger } from '@simile/core/errors';
import type { ClassLabel } from './neighbor-table.ts';
import { averageOverQueries, checkRanks, type RankedNeighbors, type RankingOptions } from './ranked-neighbors.ts';

/**
 * Precision@k: mean over the queries of the share of ranks `skip + 1 … skip + k` that are right.
 *
 * $$ \frac1n \sum_i \frac1k \sum_{r=1}^{k} \operatorname{rel}_i(r) $$
 *
 * rel is 1 where the neighbour at rank `skip` + r has the label of query i, else 0. Cost: O(n·k) time.
 *
 * @param neighbors Labels and ranked neighbours; at least `skip + k` ranks a query
 * @param k Ranks looked at, from 1
 * @returns From 0 to 1; NaN without queries
 * @throws `ERR_OPTION` for a `k` below 1 or beyond the ranks there are; `ERR_SHAPE` when the lists do not agree
 * @see Manning, Raghavan & Schütze, “Introduction to Information Retrieval”, 2008, section 8.4
 * @example
 * precisionAtK({ labels: [0, 1], neighborLabels: [0, 1, 0, 0] }, 2); // 0.25
 */
export function precisionAtK<L extends ClassLabel>(
  neighbors: RankedNeighbors<L>,
  k: number,
  options: RankingOptions = {},
): number {
  checkInteger('precision-at-k', { k }, 1);
  return averageOverQueries('precision-at-k', neighbors, options, (isRight, _row, width) => {
    checkRanks('precision-at-k', k, width);
    let hits = 0;
    for (let rank = 0; rank < k; rank++) if (isRight(rank)) hits++;
    return hits / k;
  });
}
