import { l2Normalize, meanOfValid, type Loss, type Reducer } from '@simile/core';
import { checkNames } from '@simile/core/errors';
import { div, matMul, square, sub, sum, type Tensor1D } from '@simile/core/ops';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';

const id = 'p2s-grad';

/** Options of {@link p2sGrad}. */
export interface P2sGradOptions extends ClassWeightsOptions {
  /** From the costs of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * P2SGrad: the loss whose gradient is that of a cosine softmax with the probability of a class replaced by its cosine, so that there
 * is no scale or margin to choose.
 *
 * $$ \ell_i = \tfrac12 \sum_j (\cos\theta_{ij} - [j = y_i])^2, \quad
 *    \nabla \ell_i = \sum_j (\cos\theta_{ij} - [j = y_i]) \nabla \cos\theta_{ij} $$
 *
 * | tensor     | shape          | dtype   | unit                                        |
 * | ---------- | -------------- | ------- | ------------------------------------------- |
 * | labels     | `[n]`          | any     | class id; a row with no class takes no part |
 * | embeddings | `[n, d]`       | float32 | any; rows are normalised                    |
 * | weights    | `[classes, d]` | float32 | any; rows are normalised                    |
 * | result     | `[]`           | float32 | none; 0 or more                             |
 *
 * The paper states the gradient, whose loss this is. PyTorch Metric Learning has the mean over classes of the plain squares, 2/classes
 * of it. Cost: O(n·classes·d) time, O(n·classes) memory.
 *
 * @throws `ERR_OPTION` and `ERR_SHAPE` for options; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` and `ERR_STATE`.
 * @see Zhang, Zhao, Yan, Wang & Li, “P2SGrad: Refined Gradients for Optimizing Deep Face Models”, CVPR 2019:
 *   https://arxiv.org/abs/1905.02479
 * @example
 * const loss = p2sGrad({ classes: 2, dimension: 2, weights: [[1, 0], [0, 2]] });
 * loss(tensor1d([0]), tensor2d([[3, 4]])); // cosines 0.6 and 0.8: (0.4² + 0.8²) / 2 = 0.4
 */
export function p2sGrad(options: P2sGradOptions): Loss {
  const { reduce = meanOfValid } = options;
  checkNames(id, options, [...classWeightsNames, 'reduce']);
  return defineClassLoss(id, options, { made: {} }, ({ embeddings, weights, own, valid, source }) => {
    const cosines = matMul(l2Normalize(embeddings), l2Normalize(weights), false, true); // [n, classes]
    return reduce(div(sum(square(sub(cosines, own)), 1), 2) as Tensor1D, valid, source);
  });
}
