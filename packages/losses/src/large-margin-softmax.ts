import { asColumn, meanOfValid, safeSqrt, type Loss, type Reducer } from '@simile/core';
import { checkInteger, checkNames, checkNotNegative, checkPositive } from '@simile/core/errors';
import { add, div, matMul, mul, square, sub, sum, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { classCrossEntropy } from './class-cross-entropy.ts';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';
import { multipleAngle, ownCosine } from './multiple-angle.ts';

const id = 'large-margin-softmax';

/** Options of {@link largeMarginSoftmax}. */
export interface LargeMarginSoftmaxOptions extends ClassWeightsOptions {
  /** How many times the angle to the own class counts; a whole number of 1 or more. Default 4. */
  margin?: number;
  /** Weight of the plain cosine in the blend (λ cos θ + ψ)/(1 + λ), by which the authors begin; 0 or more. Default 0. */
  lambda?: number;
  /** What logits are multiplied by; above 0. Default 1. */
  scale?: number;
  /** From the costs of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * Large-margin softmax: a softmax classifier in which the angle to the own class counts m times.
 *
 * $$ \ell_i = -\log \frac{e^{\lVert w_y \rVert \lVert x_i \rVert \psi(\theta_{iy})}}
 *    {e^{\lVert w_y \rVert \lVert x_i \rVert \psi(\theta_{iy})} + \sum_{j \ne y} e^{w_j \cdot x_i}}, \quad
 *    \psi(\theta) = (-1)^k \cos(m\theta) - 2k, \; \theta \in [\tfrac{k\pi}{m}, \tfrac{(k+1)\pi}{m}] $$
 *
 * | tensor     | shape          | dtype   | unit                                        |
 * | ---------- | -------------- | ------- | ------------------------------------------- |
 * | labels     | `[n]`          | any     | class id; a row with no class takes no part |
 * | embeddings | `[n, d]`       | float32 | any; longer rows are surer of their class   |
 * | weights    | `[classes, d]` | float32 | any; longer rows draw more                  |
 * | result     | `[]`           | float32 | nats; 0 or more                             |
 *
 * Cost: O(n·classes·d) time, O(n·classes) memory.
 *
 * @throws `ERR_OPTION` and `ERR_SHAPE` for options; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` and `ERR_STATE`.
 * @see Liu, Wen, Yu & Yang, “Large-Margin Softmax Loss for Convolutional Neural Networks”, ICML 2016, eqs. 4 to 6:
 *   https://arxiv.org/abs/1612.02295
 * @example
 * const loss = largeMarginSoftmax({ classes: 2, dimension: 2, margin: 2, weights: [[2, 0], [0, 1]] });
 * loss(tensor1d([0]), tensor2d([[-3, 0]])); // θ = π: ψ = −1·1 − 2 = −3, times 2·3: log(1 + e^(0 + 18)) ≈ 18
 */
export function largeMarginSoftmax(options: LargeMarginSoftmaxOptions): Loss {
  const { margin = 4, lambda = 0, scale = 1, reduce = meanOfValid } = options;
  checkNames(id, options, [...classWeightsNames, 'margin', 'lambda', 'scale', 'reduce']);
  checkInteger(id, { margin }, 1);
  checkNotNegative(id, { lambda });
  checkPositive(id, { scale });
  return defineClassLoss(
    id,
    options,
    { made: { margin, lambda, scale } },
    ({ embeddings, weights, own, valid, source }) => {
      const plain = matMul(embeddings, weights, false, true) as Tensor2D; // [n, classes], w·x
      const cosine = ownCosine(embeddings, weights, own); // [n]
      const target = div(add(multipleAngle(cosine, margin), mul(cosine, lambda)), 1 + lambda); // [n]
      const ownWeights = matMul(own, weights); // [n, d]
      const lengths = mul(safeSqrt(sum(square(embeddings), 1)), safeSqrt(sum(square(ownWeights), 1))); // [n], ‖x‖‖w‖
      const ofOwn = mul(own, asColumn(mul(lengths, target) as Tensor1D));
      const logits = mul(add(mul(sub(1, own), plain), ofOwn), scale) as Tensor2D;
      return reduce(classCrossEntropy(logits, own), valid, source);
    },
  );
}
