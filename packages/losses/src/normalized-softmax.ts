import { l2Normalize, meanOfValid, type Loss, type Reducer } from '@simile/core';
import { checkNames, checkPositive } from '@simile/core/errors';
import { div, matMul, type Tensor2D } from '@simile/core/ops';
import { classCrossEntropy } from './class-cross-entropy.ts';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';

const id = 'normalized-softmax';

/** Options of {@link normalizedSoftmax}. */
export interface NormalizedSoftmaxOptions extends ClassWeightsOptions {
  /** What cosines are divided by; above 0. Default 0.05. */
  temperature?: number;
  /** From the costs of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * Normalised softmax: classification by the cosine to one weight a class.
 *
 * $$ \ell_i = -\log \frac{e^{\cos\theta_{iy}/\sigma}}{\sum_j e^{\cos\theta_{ij}/\sigma}}, \quad
 *    \cos\theta_{ij} = \hat x_i \cdot \hat w_j $$
 *
 * | tensor     | shape          | dtype   | unit                                        |
 * | ---------- | -------------- | ------- | ------------------------------------------- |
 * | labels     | `[n]`          | any     | class id; a row with no class takes no part |
 * | embeddings | `[n, d]`       | float32 | any; rows are normalised                    |
 * | weights    | `[classes, d]` | float32 | any; rows are normalised                    |
 * | result     | `[]`           | float32 | nats; 0 or more                             |
 *
 * Cost: O(n·classes·d) time, O(n·classes) memory.
 *
 * @throws `ERR_OPTION` and `ERR_SHAPE` for options; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` and `ERR_STATE`.
 * @see Zhai & Wu, “Classification is a Strong Baseline for Deep Metric Learning”, BMVC 2019: https://arxiv.org/abs/1811.12649
 * @example
 * const loss = normalizedSoftmax({ classes: 2, dimension: 2, temperature: 1, weights: [[1, 0], [0, 2]] });
 * loss(tensor1d([0]), tensor2d([[3, 0]])); // log(1 + e^(0 − 1)) ≈ 0.3133
 */
export function normalizedSoftmax(options: NormalizedSoftmaxOptions): Loss {
  const { temperature = 0.05, reduce = meanOfValid } = options;
  checkNames(id, options, [...classWeightsNames, 'temperature', 'reduce']);
  checkPositive(id, { temperature });
  return defineClassLoss(id, options, { made: { temperature } }, ({ embeddings, weights, own, valid, source }) => {
    const cosines = matMul(l2Normalize(embeddings), l2Normalize(weights), false, true); // [n, classes]
    return reduce(classCrossEntropy(div(cosines, temperature) as Tensor2D, own), valid, source);
  });
}
