import { asColumn, l2Normalize, logOnePlusSumExp, rowHasAny, type Loss } from '@simile/core';
import { checkFinite, checkNames, checkPositive } from '@simile/core/errors';
import {
  add,
  div,
  matMul,
  maximum,
  mean,
  mul,
  sub,
  sum,
  transpose,
  type Scalar,
  type Tensor2D,
} from '@simile/core/ops';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';

const id = 'proxy-anchor';

/** Options of {@link proxyAnchor}. */
export interface ProxyAnchorOptions extends ClassWeightsOptions {
  /** Rows are pulled to a cosine above this with the own proxy, and pushed to one below its negative with others; finite. Default 0.1. */
  margin?: number;
  /** Weight of the hardest row against the others, per unit of cosine; above 0. Default 32. */
  alpha?: number;
}

/**
 * Proxy-Anchor: each class has a learned proxy, which is an anchor that pulls its rows and pushes all others, the hard ones most.
 *
 * $$ L = \frac{1}{|P^+|} \sum_{p \in P^+} \log\Bigl(1 + \sum_{x \in X_p^+} e^{-\alpha(s(x,p) - \delta)}\Bigr)
 *      + \frac{1}{|P|} \sum_{p \in P} \log\Bigl(1 + \sum_{x \in X_p^-} e^{\alpha(s(x,p) + \delta)}\Bigr) $$
 *
 * P are all proxies, P⁺ those whose class is in the batch; s is the cosine.
 *
 * | tensor     | shape          | dtype   | unit                                        |
 * | ---------- | -------------- | ------- | ------------------------------------------- |
 * | labels     | `[n]`          | any     | class id; a row with no class takes no part |
 * | embeddings | `[n, d]`       | float32 | any; rows are normalised                    |
 * | weights    | `[classes, d]` | float32 | any; rows are normalised                    |
 * | result     | `[]`           | float32 | nats; 0 or more                             |
 *
 * The authors train the proxies at 100 times the learning rate of the network. Cost: O(n·classes·d) time, O(n·classes) memory.
 *
 * @throws `ERR_OPTION` and `ERR_SHAPE` for options; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` and `ERR_STATE`.
 * @see Kim, Kim, Cho & Kwak, “Proxy Anchor Loss for Deep Metric Learning”, CVPR 2020, eq. 4: https://arxiv.org/abs/2003.13911
 * @example
 * const loss = proxyAnchor({ classes: 2, dimension: 2, alpha: 1, margin: 0, weights: [[1, 0], [0, 2]] });
 * loss(tensor1d([0]), tensor2d([[3, 0]])); // log(1 + e^−1) / 1 + log(1 + e^0) / 2 ≈ 0.6598
 */
export function proxyAnchor(options: ProxyAnchorOptions): Loss {
  const { margin = 0.1, alpha = 32 } = options;
  checkNames(id, options, [...classWeightsNames, 'margin', 'alpha']);
  checkFinite(id, { margin });
  checkPositive(id, { alpha });
  return defineClassLoss(id, options, { made: { margin, alpha } }, ({ embeddings, weights, own, valid }) => {
    const s = matMul(l2Normalize(weights), l2Normalize(embeddings), false, true) as Tensor2D; // [classes, n]
    const positive = transpose(own) as Tensor2D; // [classes, n]
    const negative = transpose(mul(sub(1, own), asColumn(valid))) as Tensor2D;
    const pull = logOnePlusSumExp(mul(sub(s, margin), -alpha) as Tensor2D, positive); // [classes]
    const push = logOnePlusSumExp(mul(add(s, margin), alpha) as Tensor2D, negative);
    const present = maximum(sum(rowHasAny(positive)), 1); // |P⁺|
    return add(div(sum(pull), present), mean(push)) as Scalar;
  });
}
