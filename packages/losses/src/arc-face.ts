import { l2Normalize, meanOfValid, type Loss, type Reducer } from '@simile/core';
import { checkNames, checkPositive, checkRange } from '@simile/core/errors';
import { matMul, type Tensor2D } from '@simile/core/ops';
import { additiveAngle } from './additive-angle.ts';
import { classCrossEntropy } from './class-cross-entropy.ts';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';

const id = 'arc-face';

/** Options of {@link arcFace}. */
export interface ArcFaceOptions extends ClassWeightsOptions {
  /** Angle by which a row must be nearer to its class, in radians, from 0 to π. Default 0.5. */
  margin?: number;
  /** What cosines are multiplied by; above 0. Default 64. */
  scale?: number;
  /** From the costs of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * ArcFace: classification by the cosine to one weight a class, with a margin on the angle to the own class.
 *
 * $$ \ell_i = -\log \frac{e^{s\cos(\theta_{iy} + m)}}{e^{s\cos(\theta_{iy} + m)} + \sum_{j \ne y} e^{s\cos\theta_{ij}}} $$
 *
 * Where θ + m passes π, `cos θ − m sin m` stands in for cos(θ + m), as in the authors' code: the cost goes on rising.
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
 * @see Deng, Guo, Xue & Zafeiriou, “ArcFace”, CVPR 2019, eq. 3: https://arxiv.org/abs/1801.07698
 * @example
 * const loss = arcFace({ classes: 2, dimension: 2, scale: 1, margin: Math.PI / 6, weights: [[1, 0], [0, 2]] });
 * loss(tensor1d([0]), tensor2d([[3, 0]])); // log(1 + e^(0 − cos 30°)) ≈ 0.3511
 */
export function arcFace(options: ArcFaceOptions): Loss {
  const { margin = 0.5, scale = 64, reduce = meanOfValid } = options;
  checkNames(id, options, [...classWeightsNames, 'margin', 'scale', 'reduce']);
  checkRange(id, { margin }, 0, Math.PI);
  checkPositive(id, { scale });
  return defineClassLoss(id, options, { made: { margin, scale } }, ({ embeddings, weights, own, valid, source }) => {
    const rows = l2Normalize(embeddings); // [n, d]
    const directions = l2Normalize(weights) as Tensor2D; // [classes, d]
    const cosines = matMul(rows, directions, false, true) as Tensor2D; // [n, classes]
    const logits = additiveAngle({ cosines, own, rows, ownWeights: matMul(own, directions) }, { margin, scale });
    return reduce(classCrossEntropy(logits, own), valid, source);
  });
}
