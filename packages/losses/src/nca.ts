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
import { checkNames, checkOneOf, checkPositive } from '@simile/core/errors';
import { exp, maximum, mul, neg, sub, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { squaredEuclidean } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'nca';

/** Options of {@link nca}. */
export interface NcaOptions {
  /** What distances are multiplied by; above 0. Default 1. */
  scale?: number;
  /**
   * `log-probability` for the negative logarithm of the chance that an anchor picks a row of its class, `probability` for the chance
   * that it does not. The paper has both. Default `log-probability`, whose gradient does not vanish at far positives.
   */
  objective?: 'log-probability' | 'probability';
  /** All-pairs distance, smaller is closer. Default `squaredEuclidean()`, which the paper has. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the anchors to one number. Default `meanOfValid`: the mean over anchors that have a positive. */
  reduce?: Reducer;
}

/**
 * Neighbourhood components analysis: an anchor that picks a neighbour at random, near ones more often, should pick one of its class.
 *
 * $$ p_i = \frac{\sum_{j \in P_i} e^{-c\, d_{ij}}}{\sum_{j \ne i} e^{-c\, d_{ij}}}, \quad
 *    \ell_i = -\log p_i \ \text{or}\ 1 - p_i $$
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any                                           |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | nats, or a probability; 0 or more             |
 *
 * The logarithm is a difference of two log-sum-exps, exact where every weight underflows. Cost: O(n·m) beyond `distance`.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Goldberger, Roweis, Hinton & Salakhutdinov, “Neighbourhood Components Analysis”, NIPS 2004, eqs. 1 to 4 and 6
 * @example
 * const loss = nca();
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [1], [-1]])); // (log 2 + log(1 + e^−3)) / 2 ≈ 0.3709
 */
export function nca(options: NcaOptions = {}): Loss {
  const { scale = 1, objective = 'log-probability' } = options;
  const { distance = squaredEuclidean(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['scale', 'objective', 'distance', 'miner', 'reduce']);
  checkPositive(id, { scale });
  checkOneOf(id, { objective }, ['log-probability', 'probability']);

  return defineLoss(
    id,
    { scale, objective, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const closeness = mul(d, -scale) as Tensor2D; // [n, m]
      const every = maskedLogSumExp(closeness, maximum(positive, negative)); // [n]
      const surprise = sub(every, maskedLogSumExp(closeness, positive)) as Tensor1D; // −log p
      const costs = objective === 'probability' ? (sub(1, exp(neg(surprise))) as Tensor1D) : surprise;
      return reduce(costs, rowHasAny(positive), { labels, rows: d.shape[0] });
    },
    { distance },
  );
}
