import {
  defineLoss,
  maskedLogSumExp,
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
import { checkFinite, checkNames, checkPositive } from '@simile/core/errors';
import { add, mul, relu, softplus, sub, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'circle';

/** Options of {@link circle}. */
export interface CircleOptions {
  /** Scale of the weighted similarities; above 0. Default 80. */
  gamma?: number;
  /** Relaxation: positives should exceed similarity 1 − margin, negatives stay below margin. Default 0.4. */
  margin?: number;
  /** All-pairs distance, smaller is closer; similarity is `1 − distance`. Default `cosine()`, which the paper has. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the anchors to one number. Default `meanOfValid`: the mean over anchors with both kinds of pair. */
  reduce?: Reducer;
}

/**
 * Circle loss: every similarity is weighted by how far it is from its optimum, so that the hard pairs move and the easy rest.
 *
 * $$ \ell_i = \log\bigl(1 + \textstyle\sum_n e^{\gamma\alpha_n(s_{in} - m)} \sum_p e^{-\gamma\alpha_p(s_{ip} - 1 + m)}\bigr),
 *    \quad \alpha_p = \max(0, 1 + m - s_{ip}),\ \alpha_n = \max(0, s_{in} + m),\ s = 1 - d $$
 *
 * The weights α are constants for the gradient. An anchor without a positive or without a negative takes no part.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | nats; 0 or more                               |
 *
 * TensorFlow Similarity adds two logarithms where the paper has one of the product, differentiates the weights, and divides by
 * all anchors (`reduce: meanOfAll`). Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Sun, Cheng, Zhang, Zhang, Zheng, Wang & Wei, “Circle Loss”, CVPR 2020: https://arxiv.org/abs/2002.10857
 * @example
 * const loss = circle({ gamma: 1, margin: 0.25 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[1, 0], [1, 0], [0, 1]])); // softplus(−0.25 · 0.25 − 0.25 · 0.25) ≈ 0.6326
 */
export function circle(options: CircleOptions = {}): Loss {
  const { gamma = 80, margin = 0.4, distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['gamma', 'margin', 'distance', 'miner', 'reduce']);
  checkPositive(id, { gamma });
  checkFinite(id, { margin });

  return defineLoss(
    id,
    { gamma, margin, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const pull = withoutGradient(d, (values) => relu(add(values, margin))); // [n, m], α_p = 1 + m − s
      const push = withoutGradient(d, (values) => relu(sub(1 + margin, values))); // [n, m], α_n = s + m
      const far = mul(mul(pull, gamma), sub(d, margin)) as Tensor2D; // −γ α_p (s − 1 + m)
      const near = mul(mul(push, gamma), sub(1 - margin, d)) as Tensor2D; // γ α_n (s − m)
      const costs = softplus(add(maskedLogSumExp(near, negative), maskedLogSumExp(far, positive))) as Tensor1D; // [n]
      return reduce(costs, mul(rowHasAny(positive), rowHasAny(negative)), { labels, rows: d.shape[0] });
    },
    { distance },
  );
}
