import { checkInteger } from '@simile/core/errors';
import type { ClassLabel } from './neighbor-table.ts';
import { averageOverQueries, checkRanks, type RankedNeighbors, type RankingOptions } from './ranked-neighbors.ts';

/**
 * Recall@k as retrieval papers use the word: share of the queries that have a right neighbour among ranks
 * `skip + 1 … skip + k`.
 *
 * $$ \frac1n \sum_i \max_{1 \le r \le k} \operatorname{rel}_i(r) $$
 *
 * rel is 1 where the neighbour at rank `skip` + r has the label of query i, else 0. Cost: O(n·k) time.
 *
 * @param neighbors Labels and ranked neighbours; at least `skip + k` ranks a query
 * @param k Ranks looked at, from 1
 * @returns From 0 to 1; NaN without queries
 * @throws `ERR_OPTION` for a `k` below 1 or beyond the ranks there are; `ERR_SHAPE` when the lists do not agree
 * @see Jégou, Douze & Schmid, “Product Quantization for Nearest Neighbor Search”, PAMI 2011, section V
 * @example
 * recallAtK({ labels: [0, 1], neighborLabels: [0, 1, 0, 0] }, 2); // 0.5: query 1 finds only zeros
 */
export function recallAtK<L extends ClassLabel>(
  neighbors: RankedNeighbors<L>,
  k: number,
  options: RankingOptions = {},
): number {
  checkInteger('recall-at-k', { k }, 1);
  return averageOverQueries('recall-at-k', neighbors, options, (isRight, _row, width) => {
    checkRanks('recall-at-k', k, width);
    for (let rank = 0; rank < k; rank++) if (isRight(rank)) return 1;
    return 0;
  });
}
