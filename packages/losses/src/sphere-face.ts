import { asColumn, l2Normalize, meanOfValid, safeSqrt, type Loss, type Reducer } from '@simile/core';
import { checkInteger, checkNames, checkNotNegative, checkPositive } from '@simile/core/errors';
import { add, div, matMul, mul, square, sub, sum, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { classCrossEntropy } from './class-cross-entropy.ts';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';
import { multipleAngle, ownCosine } from './multiple-angle.ts';

const id = 'sphere-face';

/** Options of {@link sphereFace}. */
export interface SphereFaceOptions extends ClassWeightsOptions {
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
 * SphereFace (A-Softmax): classification by the angle to one weight a class, of which that to the own class counts m times.
 *
 * $$ \ell_i = -\log \frac{e^{\lVert x_i \rVert \psi(\theta_{iy})}}
 *    {e^{\lVert x_i \rVert \psi(\theta_{iy})} + \sum_{j \ne y} e^{\lVert x_i \rVert \cos\theta_{ij}}}, \quad
 *    \psi(\theta) = (-1)^k \cos(m\theta) - 2k, \; \theta \in [\tfrac{k\pi}{m}, \tfrac{(k+1)\pi}{m}] $$
 *
 * | tensor     | shape          | dtype   | unit                                        |
 * | ---------- | -------------- | ------- | ------------------------------------------- |
 * | labels     | `[n]`          | any     | class id; a row with no class takes no part |
 * | embeddings | `[n, d]`       | float32 | any; longer rows are surer of their class   |
 * | weights    | `[classes, d]` | float32 | any; rows are normalised                    |
 * | result     | `[]`           | float32 | nats; 0 or more                             |
 *
 * Cost: O(n·classes·d) time, O(n·classes) memory.
 *
 * @throws `ERR_OPTION` and `ERR_SHAPE` for options; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` and `ERR_STATE`.
 * @see Liu et al., “SphereFace: Deep Hypersphere Embedding for Face Recognition”, CVPR 2017, eq. 7: https://arxiv.org/abs/1704.08063
 * @example
 * const loss = sphereFace({ classes: 2, dimension: 2, margin: 2, weights: [[1, 0], [0, 2]] });
 * loss(tensor1d([0]), tensor2d([[-3, 0]])); // θ = π: ψ = −1·1 − 2 = −3, times 3: log(1 + e^(0 + 9)) ≈ 9.0001
 */
export function sphereFace(options: SphereFaceOptions): Loss {
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
      const plain = matMul(embeddings, l2Normalize(weights), false, true) as Tensor2D; // [n, classes], ‖x‖ cos θ
      const cosine = ownCosine(embeddings, weights, own); // [n]
      const target = div(add(multipleAngle(cosine, margin), mul(cosine, lambda)), 1 + lambda); // [n]
      const length = safeSqrt(sum(square(embeddings), 1)); // [n]
      const ofOwn = mul(own, asColumn(mul(length, target) as Tensor1D));
      const logits = mul(add(mul(sub(1, own), plain), ofOwn), scale) as Tensor2D;
      return reduce(classCrossEntropy(logits, own), valid, source);
    },
  );
}
