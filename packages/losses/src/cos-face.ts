import { l2Normalize, meanOfValid, type Loss, type Reducer } from '@simile/core';
import { checkNames, checkNotNegative, checkPositive } from '@simile/core/errors';
import { matMul, mul, sub, type Tensor2D } from '@simile/core/ops';
import { classCrossEntropy } from './class-cross-entropy.ts';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';

const id = 'cos-face';

/** Options of {@link cosFace}. */
export interface CosFaceOptions extends ClassWeightsOptions {
  /** By how much the cosine to the own class must be larger; 0 or more. Default 0.35. */
  margin?: number;
  /** What cosines are multiplied by; above 0. Default 64. */
  scale?: number;
  /** From the costs of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * CosFace: classification by the cosine to one weight a class, with a margin on the cosine to the own class.
 *
 * $$ \ell_i = -\log \frac{e^{s(\cos\theta_{iy} - m)}}{e^{s(\cos\theta_{iy} - m)} + \sum_{j \ne y} e^{s\cos\theta_{ij}}} $$
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
 * @see Wang et al., “CosFace”, CVPR 2018, eq. 4: https://arxiv.org/abs/1801.09414
 * @example
 * const loss = cosFace({ classes: 2, dimension: 2, scale: 1, margin: 0.5, weights: [[1, 0], [0, 2]] });
 * loss(tensor1d([0]), tensor2d([[3, 0]])); // log(1 + e^(0 − (1 − 0.5))) ≈ 0.4741
 */
export function cosFace(options: CosFaceOptions): Loss {
  const { margin = 0.35, scale = 64, reduce = meanOfValid } = options;
  checkNames(id, options, [...classWeightsNames, 'margin', 'scale', 'reduce']);
  checkNotNegative(id, { margin });
  checkPositive(id, { scale });
  return defineClassLoss(id, options, { made: { margin, scale } }, ({ embeddings, weights, own, valid, source }) => {
    const cosines = matMul(l2Normalize(embeddings), l2Normalize(weights), false, true); // [n, classes]
    const logits = mul(sub(cosines, mul(own, margin)), scale) as Tensor2D;
    return reduce(classCrossEntropy(logits, own), valid, source);
  });
}
