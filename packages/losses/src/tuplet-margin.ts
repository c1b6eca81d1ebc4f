import {
  defineLoss,
  meanOfValid,
  safeSqrt,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkNames, checkPositive, checkRange } from '@simile/core/errors';
import { add, mul, sub, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';
import { tupletCosts } from './tuplet-costs.ts';

const id = 'tuplet-margin';

/** Options of {@link tupletMargin}. */
export interface TupletMarginOptions {
  /** Angle by which the positive is taken for nearer than it is, in radians, from 0 to π. Default 0.1. */
  margin?: number;
  /** What cosines are multiplied by; above 0. Default 64. */
  scale?: number;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the positive pairs to one number. Default `meanOfValid`: the mean over the pairs. */
  reduce?: Reducer;
}

/**
 * Tuplet margin loss: a positive against all the negatives at once, with slack for the hardest positives.
 *
 * $$ \ell_{ap} = \log\bigl(1 + \textstyle\sum_{n \in N_a} e^{s(\cos\theta_{an} - \cos(\theta_{ap} - \beta))}\bigr) $$
 *
 * A pair whose anchor has no negative costs 0.
 *
 * | tensor     | shape    | dtype   | unit                                           |
 * | ---------- | -------- | ------- | ---------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation                |
 * | embeddings | `[n, d]` | float32 | any; rows are normalised                       |
 * | reference  | `[m, d]` | float32 | any; default the batch itself                  |
 * | result     | `[]`     | float32 | nats; 0 or more                                |
 *
 * The sine of an angle comes from its chord, so that equal rows, whose arc cosine has no gradient, are as good as any. The paper adds
 * its intra-pair variance loss, which is {@link intraPairVariance}. PyTorch Metric Learning has the margin in degrees, 5.73.
 * Cost: that of `cosine`, and O(n·m).
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Yu & Tao, “Deep Metric Learning with Tuplet Margin Loss”, ICCV 2019
 * @example
 * const loss = tupletMargin({ margin: Math.PI / 6, scale: 1 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[1, 0], [0, 2], [-1, 0]])); // log1p(e^−1.5) and log1p(e^−0.5), halved: ≈ 0.3377
 */
export function tupletMargin(options: TupletMarginOptions = {}): Loss {
  const { margin = 0.1, scale = 64, miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['margin', 'scale', 'miner', 'reduce']);
  checkRange(id, { margin }, 0, Math.PI);
  checkPositive(id, { scale });
  const distance = cosine();

  return defineLoss(
    id,
    { margin, scale },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const cosines = sub(1, d) as Tensor2D;
      const sines = safeSqrt(mul(d, sub(2, d))); // √((1 − cos)(1 + cos))
      const nearer = add(mul(cosines, Math.cos(margin)), mul(sines, Math.sin(margin))); // cos(θ − β)
      const pairs = keptPairs(id, d, labels, reference, miner);
      return reduce(...tupletCosts(mul(cosines, scale) as Tensor2D, pairs, mul(nearer, scale) as Tensor2D), {
        labels,
        rows: d.shape[0],
      });
    },
    { distance },
  );
}
