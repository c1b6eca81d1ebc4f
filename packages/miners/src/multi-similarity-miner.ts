import { pairMasks, rowHasAny, asColumn, withoutGradient, type Miner, type Pairs } from '@simile/core';
import { checkNames, checkNotNegative } from '@simile/core/errors';
import {
  add,
  cast,
  greater,
  less,
  max,
  min,
  mul,
  stack,
  sub,
  tidy,
  unstack,
  where,
  type Tensor2D,
} from '@simile/core/ops';
import { checkDistances } from './read-pairs.ts';

const id = 'multi-similarity-miner';

/** The largest float32: farther than any distance. */
const FAR = 3.4028234663852886e38;

/** Options of {@link multiSimilarityMiner}. */
export interface MultiSimilarityMinerOptions {
  /** How much a pair may be better than the worst of the other kind and still be kept, in the unit of the distances; 0 or more. Default 0.1. */
  epsilon?: number;
}

/**
 * Informative pairs of multi-similarity: positives farther than the anchor's nearest negative less ε, negatives nearer than
 * its farthest positive and ε.
 *
 * $$ d_{ap} > \min_n d_{an} - \epsilon, \quad d_{an} < \max_p d_{ap} + \epsilon $$
 *
 * An anchor without a positive or without a negative keeps nothing. `multiSimilarity` of `@simile/losses` looks at these pairs by
 * itself; this is for other losses.
 *
 * | tensor    | shape    | dtype   | unit                                                |
 * | --------- | -------- | ------- | --------------------------------------------------- |
 * | labels    | `[n]`    | any     | class id, or any other relation                     |
 * | distances | `[n, m]` | float32 | any; the paper's is `cosine`                        |
 * | others    | `[m]`    | any     | labels of the columns where they are of a reference |
 * | result    | `[n, m]` | float32 | two masks, 1 for pairs kept                         |
 *
 * Cost: O(n·m) time and memory, on the backend.
 *
 * @throws `ERR_OPTION` for an option out of its range; the miner throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Wang, Han, Huang, Dong & Scott, “Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning”, CVPR 2019,
 *   eqs. 11 and 12: https://arxiv.org/abs/1904.06627
 * @example
 * const miner = multiSimilarityMiner({ epsilon: 0.5 });
 * const { negative } = miner(tensor1d([0, 0, 1, 1]), euclidean()(tensor2d([[0], [2], [1], [9]])));
 * // Anchor 0: its positive is at 2, so of the negatives at 1 and 9 it keeps the first.
 */
export function multiSimilarityMiner(options: MultiSimilarityMinerOptions = {}): Miner<Pairs> {
  const { epsilon = 0.1 } = options;
  checkNames(id, options, ['epsilon']);
  checkNotNegative(id, { epsilon });
  return (labels, distances, others) => {
    checkDistances(id, distances, others === undefined);
    const [n, m] = distances.shape;
    return tidy(() => {
      const masks = pairMasks(labels, n, others && { labels: others, rows: m });
      const both = asColumn(mul(rowHasAny(masks.positive), rowHasAny(masks.negative))); // [n, 1]
      const kept = withoutGradient(distances, (d) => {
        const nearest = min(where(cast(masks.negative, 'bool'), d, FAR), 1, true); // [n, 1]
        const farthest = max(where(cast(masks.positive, 'bool'), d, -FAR), 1, true); // [n, 1]
        return stack([
          mul(mul(masks.positive, both), greater(d, sub(nearest, epsilon))),
          mul(mul(masks.negative, both), less(d, add(farthest, epsilon))),
        ]);
      });
      const [positive, negative] = unstack(kept) as [Tensor2D, Tensor2D];
      return { kind: 'pairs' as const, positive, negative };
    });
  };
}
