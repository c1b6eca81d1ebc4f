import {
  defineLoss,
  meanOfValid,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkFinite, checkNames, checkNotNegative } from '@simile/core/errors';
import { add, mul, relu, reshape, square, sub, type Scalar, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'intra-pair-variance';

/** Options of {@link intraPairVariance}. */
export interface IntraPairVarianceOptions {
  /** Share of the mean by which a positive pair may fall short of it; 0 or more. Default 0.01. */
  positiveEpsilon?: number;
  /** Share of the mean by which a negative pair may pass it; 0 or more. Default 0.01. */
  negativeEpsilon?: number;
  /** Similarity at distance 0, from which distances are taken: 1 makes cosines of `cosine()`; 0 compares distances. Default 1. */
  center?: number;
  /** All-pairs distance, smaller is closer. Default `cosine()`, which the paper has. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the pairs of one kind to one number. Default `meanOfValid`: the mean over the pairs. */
  reduce?: Reducer;
}

/**
 * Intra-pair variance loss: positive pairs less alike than their mean, and negative pairs more alike than theirs, are drawn to it.
 *
 * $$ L = \operatorname{mean}_P \max(0, (1 - \epsilon_p)\mu_P - s_{ij})^2 + \operatorname{mean}_N \max(0, s_{ij} - (1 + \epsilon_n)\mu_N)^2 $$
 *
 * with s = `center` − d and μ the mean of s over all pairs of the kind, through which the gradient flows. It is meant beside another
 * loss, for it says nothing of where the means should be. With `center: 0` distances take the place of similarities:
 * max(0, d − (1 + ε)μ) of positive pairs, max(0, (1 − ε)μ − d) of negative ones.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`, squared; 0 or more        |
 *
 * Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Yu & Tao, “Deep Metric Learning with Tuplet Margin Loss”, ICCV 2019, section 3.3
 * @example
 * const loss = intraPairVariance({ positiveEpsilon: 0, negativeEpsilon: 0 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[1, 0], [0, 2], [-1, 0]])); // negatives at cosine −1 and 0, their mean −½: ½² / 2 = 0.125
 */
export function intraPairVariance(options: IntraPairVarianceOptions = {}): Loss {
  const { positiveEpsilon = 0.01, negativeEpsilon = 0.01, center = 1 } = options;
  const { distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['positiveEpsilon', 'negativeEpsilon', 'center', 'distance', 'miner', 'reduce']);
  checkNotNegative(id, { positiveEpsilon, negativeEpsilon });
  checkFinite(id, { center });
  const sign = center === 0 ? -1 : 1; // the similarity −d has a mean below 0: slack is still slack

  return defineLoss(
    id,
    { positiveEpsilon, negativeEpsilon, center, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const similarity = sub(center, d) as Tensor2D;
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const reduced = (pairs: Tensor2D, side: 1 | -1, epsilon: number): Scalar => {
        const valid = reshape(pairs, [-1]) as Tensor1D;
        const s = reshape(similarity, [-1]) as Tensor1D;
        const bound = mul(meanOfValid(s, valid), 1 - side * sign * epsilon);
        return reduce(square(relu(mul(sub(bound, s), side))) as Tensor1D, valid, { labels, rows: d.shape[0] });
      };
      return add(reduced(positive, 1, positiveEpsilon), reduced(negative, -1, negativeEpsilon));
    },
    { distance },
  );
}
