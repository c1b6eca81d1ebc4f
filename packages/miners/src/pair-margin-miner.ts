import { pairMasks, withoutGradient, type Miner, type Pairs } from '@simile/core';
import { checkFinite, checkNames } from '@simile/core/errors';
import { greater, less, mul, stack, tidy, unstack, type Tensor2D } from '@simile/core/ops';
import { checkDistances } from './read-pairs.ts';

const id = 'pair-margin-miner';

/** Options of {@link pairMarginMiner}. */
export interface PairMarginMinerOptions {
  /** Positives farther than this are kept, in the unit of the distances. Default 0.2. */
  positiveMargin?: number;
  /** Negatives nearer than this are kept, in the unit of the distances. Default 0.8. */
  negativeMargin?: number;
}

/**
 * Pairs that are not yet as they should be: positives farther than one distance, negatives nearer than another.
 *
 * $$ d_{ap} > m_p, \quad d_{an} < m_n $$
 *
 * | tensor    | shape    | dtype   | unit                                                |
 * | --------- | -------- | ------- | --------------------------------------------------- |
 * | labels    | `[n]`    | any     | class id, or any other relation                     |
 * | distances | `[n, m]` | float32 | any; smaller is closer                              |
 * | others    | `[m]`    | any     | labels of the columns where they are of a reference |
 * | result    | `[n, m]` | float32 | two masks, 1 for pairs kept                         |
 *
 * A contrastive loss with these margins costs the same with and without this miner; other losses do not. Cost: O(n·m) time and
 * memory, on the backend.
 *
 * @throws `ERR_OPTION` for a margin that is not finite; the miner throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Hadsell, Chopra & LeCun, “Dimensionality Reduction by Learning an Invariant Mapping”, CVPR 2006, eq. 4, whose hinge it is
 * @example
 * const miner = pairMarginMiner({ positiveMargin: 1, negativeMargin: 2 });
 * const { positive, negative } = miner(tensor1d([0, 0, 1]), euclidean()(tensor2d([[0], [2], [3]])));
 * // positive (0, 1) and (1, 0), at 2 > 1; negative (1, 2) and (2, 1), at 1 < 2
 */
export function pairMarginMiner(options: PairMarginMinerOptions = {}): Miner<Pairs> {
  const { positiveMargin = 0.2, negativeMargin = 0.8 } = options;
  checkNames(id, options, ['positiveMargin', 'negativeMargin']);
  checkFinite(id, { positiveMargin, negativeMargin });
  return (labels, distances, others) => {
    checkDistances(id, distances, others === undefined);
    const [n, m] = distances.shape;
    return tidy(() => {
      const masks = pairMasks(labels, n, others && { labels: others, rows: m });
      const kept = withoutGradient(distances, (d) =>
        stack([mul(masks.positive, greater(d, positiveMargin)), mul(masks.negative, less(d, negativeMargin))]),
      );
      const [positive, negative] = unstack(kept) as [Tensor2D, Tensor2D];
      return { kind: 'pairs' as const, positive, negative };
    });
  };
}
