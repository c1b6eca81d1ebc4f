import {
  defineLoss,
  maskedLogSumExp,
  meanOfValid,
  rowHasAny,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkNames, checkPositive } from '@simile/core/errors';
import { div, maximum, neg, sub, type Tensor2D } from '@simile/core/ops';
import { squaredEuclidean } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'soft-nearest-neighbor';

/** Options of {@link softNearestNeighbor}. */
export interface SoftNearestNeighborOptions {
  /** Distance over which a neighbour's weight falls by e; above 0. Default 1. */
  temperature?: number;
  /** All-pairs distance, smaller is closer. Default `squaredEuclidean()`, which the paper has. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the anchors to one number. Default `meanOfValid`: the mean over anchors with a positive. */
  reduce?: Reducer;
}

/**
 * Soft nearest neighbour loss: the chance that a neighbour, drawn by closeness, is of the anchor's class.
 *
 * $$ \ell_i = -\log \frac{\sum_p e^{-d_{ip}/T}}{\sum_{j \neq i} e^{-d_{ij}/T}} $$
 *
 * An anchor without a positive takes no part; one without a negative costs 0.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any                                           |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | nats; 0 or more                               |
 *
 * It is a difference of two log-sum-exps, finite where every weight underflows. TensorFlow Similarity adds 1e-9 inside the
 * logarithm and divides by all anchors. Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Frosst, Papernot & Hinton, “Analyzing and Improving Representations with the Soft Nearest Neighbor Loss”, ICML 2019, eq. 1:
 *   https://arxiv.org/abs/1902.01889
 * @example
 * const loss = softNearestNeighbor();
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [1], [-1]])); // (log 2 + log(1 + e^−3)) / 2 ≈ 0.3709
 */
export function softNearestNeighbor(options: SoftNearestNeighborOptions = {}): Loss {
  const { temperature = 1, distance = squaredEuclidean(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['temperature', 'distance', 'miner', 'reduce']);
  checkPositive(id, { temperature });

  return defineLoss(
    id,
    { temperature, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const closeness = div(neg(d), temperature) as Tensor2D; // [n, m]
      const every = maskedLogSumExp(closeness, maximum(positive, negative)); // [n]
      return reduce(sub(every, maskedLogSumExp(closeness, positive)), rowHasAny(positive), {
        labels,
        rows: d.shape[0],
      });
    },
    { distance },
  );
}
