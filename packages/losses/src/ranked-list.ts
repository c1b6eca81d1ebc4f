import {
  defineLoss,
  meanOfValid,
  rowHasAny,
  withoutGradient,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkFinite, checkNames, checkNotNegative, checkRange } from '@simile/core/errors';
import {
  add,
  div,
  exp,
  max,
  maximum,
  minimum,
  mul,
  relu,
  step,
  sub,
  sum,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';
import { euclidean } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'ranked-list';

/** Options of {@link rankedList}. */
export interface RankedListOptions {
  /** Gap between the farthest that positives may be and the nearest that negatives may be; 0 or more. Default 0.4. */
  margin?: number;
  /** Distance that negatives should be beyond, in the unit of `distance`. Default 1.2. */
  alpha?: number;
  /** How much more a positive counts that is farther, 1 over the unit of `distance`; 0 counts all alike. Default 0. */
  positiveScale?: number;
  /** How much more a negative counts that is nearer, 1 over the unit of `distance`; 0 counts all alike. Default 10. */
  negativeScale?: number;
  /** Share of the negatives in the loss, from 0 to 1. Default 0.5. */
  imbalance?: number;
  /** All-pairs distance, smaller is closer. Default `euclidean()`, which the paper has, of rows of length 1. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the rows on one side to one number. Default `meanOfValid`: the mean over rows that have such pairs. */
  reduce?: Reducer;
}

/**
 * Ranked list loss: positives within a ball around each row, negatives outside a larger one, those that offend most counting most.
 *
 * $$ L = (1 - \lambda) \operatorname{mean}_i \frac{\sum_{j} w_{ij} v_{ij}}{\sum_j w_{ij}} \Big|_{P_i} + \lambda \operatorname{mean}_i \frac{\sum_{j} w_{ij} v_{ij}}{\sum_j w_{ij}} \Big|_{N_i},
 *    \quad w = e^{T v} $$
 *
 * v is what a pair offends by, d − (α − m) of positives and α − d of negatives; pairs where it is not above 0 take no part. The weights
 * are held constant. A row without such pairs costs 0.
 *
 * | tensor     | shape    | dtype   | unit                                              |
 * | ---------- | -------- | ------- | ------------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation                   |
 * | embeddings | `[n, d]` | float32 | any; the default `alpha` is for rows of length 1  |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself    |
 * | result     | `[]`     | float32 | that of `distance`; 0 or more                     |
 *
 * PyTorch Metric Learning differentiates through the weights and adds 1e-5 a row to what it divides by. Cost: that of `distance`, and
 * O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Wang, Hua, Kodirov, Hu, Garnier & Robertson, “Ranked List Loss for Deep Metric Learning”, CVPR 2019:
 *   https://arxiv.org/abs/1903.03238
 * @example
 * const loss = rankedList({ alpha: 2, margin: 1 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [3], [4]])); // positives offend by 2; rows 1 and 2 by 1, row 0 not: 1 + (2/3) / 2 ≈ 1.3333
 */
export function rankedList(options: RankedListOptions = {}): Loss {
  const { margin = 0.4, alpha = 1.2, positiveScale = 0, negativeScale = 10, imbalance = 0.5 } = options;
  const { distance = euclidean(), miner, reduce = meanOfValid } = options;
  const own = ['margin', 'alpha', 'positiveScale', 'negativeScale', 'imbalance'];
  checkNames(id, options, [...own, 'distance', 'miner', 'reduce']);
  checkNotNegative(id, { margin, positiveScale, negativeScale });
  checkFinite(id, { alpha });
  checkRange(id, { imbalance }, 0, 1);

  return defineLoss(
    id,
    { margin, alpha, positiveScale, negativeScale, imbalance, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const pull = reduce(offence(sub(d, alpha - margin), positive, positiveScale), rowHasAny(positive), {
        labels,
        rows: d.shape[0],
      });
      const push = reduce(offence(sub(alpha, d), negative, negativeScale), rowHasAny(negative), {
        labels,
        rows: d.shape[0],
      });
      return add(mul(pull, 1 - imbalance), mul(push, imbalance)) as Scalar;
    },
    { distance },
  );
}

/** Mean of what the pairs of each row offend by, those above 0, weighted by e^(T v): `[n, m] → [n]`. */
function offence(excess: Tensor2D, pairs: Tensor2D, scale: number): Tensor1D {
  const violation = relu(excess);
  const weights = withoutGradient(violation, (values) => {
    const offending = mul(pairs, step(values));
    const heat = mul(values, scale);
    const hottest = max(mul(heat, offending), 1, true); // [n, 1]
    const share = mul(exp(minimum(sub(heat, hottest), 0)), offending); // 1 at the hottest
    return div(share, maximum(sum(share, 1, true), 1));
  });
  return sum(mul(violation, weights), 1);
}
