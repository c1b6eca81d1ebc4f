import {
  defineLoss,
  withoutGradient,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Triplets,
} from '@simile/core';
import { checkFinite, checkNames, checkNotNegative } from '@simile/core/errors';
import { add, cast, div, greaterEqual, maximum, mul, sub, sum, type Scalar, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'threshold-consistent-margin';

/** Options of {@link thresholdConsistentMargin}. */
export interface ThresholdConsistentMarginOptions {
  /** Distance from which a positive pair is hard, in the unit of `distance`. Default 0.1, the paper's similarity of 0.9. */
  positiveMargin?: number;
  /** Distance up to which a negative pair is hard, in the unit of `distance`. Default 0.5, the paper's similarity of 0.5. */
  negativeMargin?: number;
  /** Weight of the positive part, λ⁺ of the paper; 0 or more. Default 1. */
  positiveWeight?: number;
  /** Weight of the negative part, λ⁻ of the paper; 0 or more. Default 1. */
  negativeWeight?: number;
  /** All-pairs distance, smaller is closer. Default `cosine()`, which the paper has. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
}

/**
 * Threshold-consistent margin: hard pairs of all classes are held to the same distances, so that one threshold serves them all.
 *
 * $$ \lambda^+ \operatorname{mean}_{d_p \ge m^+} (d_p - m^+) + \lambda^- \operatorname{mean}_{d_n \le m^-} (m^- - d_n) $$
 *
 * A regulariser: add it to another loss with `multipleLosses`. Pairs that are not hard take no part, and a side without hard pairs costs 0.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`; 0 or more                 |
 *
 * Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Zhang et al., “Threshold-Consistent Margin Loss for Open-World Deep Metric Learning”, ICLR 2024: https://arxiv.org/abs/2307.04047
 * @example
 * const loss = thresholdConsistentMargin({ positiveMargin: 1, negativeMargin: 3, distance: euclidean() });
 * // The positive pair at 2 is 1 too far; of the negatives, at 5 and 3, one is hard, by 0.
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [2], [5]])); // 1 + 0 = 1
 */
export function thresholdConsistentMargin(options: ThresholdConsistentMarginOptions = {}): Loss {
  const { positiveMargin = 0.1, negativeMargin = 0.5, positiveWeight = 1, negativeWeight = 1 } = options;
  const { distance = cosine(), miner } = options;
  const names = ['positiveMargin', 'negativeMargin', 'positiveWeight', 'negativeWeight', 'distance', 'miner'];
  checkNames(id, options, names);
  checkFinite(id, { positiveMargin, negativeMargin });
  checkNotNegative(id, { positiveWeight, negativeWeight });

  return defineLoss(
    id,
    { positiveMargin, negativeMargin, positiveWeight, negativeWeight, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const pull = meanOfHard(sub(d, positiveMargin), positive);
      const push = meanOfHard(sub(negativeMargin, d), negative);
      return add(mul(pull, positiveWeight), mul(push, negativeWeight));
    },
    { distance },
  );
}

/** Mean of an excess over the pairs where it is 0 or more; 0 where it nowhere is. */
function meanOfHard(excess: Tensor2D, pairs: Tensor2D): Scalar {
  const hard = mul(
    withoutGradient(excess, (x) => cast(greaterEqual(x, 0), 'float32')),
    pairs,
  );
  return div(sum(mul(excess, hard)), maximum(sum(hard), 1));
}
