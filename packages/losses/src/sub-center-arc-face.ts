import { l2Normalize, meanOfValid, pointers, withoutGradient, type Loss, type Reducer } from '@simile/core';
import { checkInteger, checkNames, checkPositive, checkRange } from '@simile/core/errors';
import { argMax, expandDims, matMul, mul, reshape, sum, type Tensor, type Tensor2D } from '@simile/core/ops';
import { additiveAngle } from './additive-angle.ts';
import { classCrossEntropy } from './class-cross-entropy.ts';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';

const id = 'sub-center-arc-face';

/** Options of {@link subCenterArcFace}; `weights` are `[classes · subCenters, dimension]`, class after class. */
export interface SubCenterArcFaceOptions extends ClassWeightsOptions {
  /** Weights of a class, of which a row is compared with the nearest; 1 or more. Default 3. */
  subCenters?: number;
  /** Angle by which a row must be nearer to its class, in radians, from 0 to π. Default 0.5. */
  margin?: number;
  /** What cosines are multiplied by; above 0. Default 64. */
  scale?: number;
  /** From the costs of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * Sub-center ArcFace: ArcFace with several weights a class, so that noisy or unlike rows of a class may gather at one of their own.
 *
 * $$ \cos\theta_{ij} = \max_k \hat x_i \cdot \hat w_{jk}, \quad
 *    \ell_i = -\log \frac{e^{s\cos(\theta_{iy} + m)}}{e^{s\cos(\theta_{iy} + m)} + \sum_{j \ne y} e^{s\cos\theta_{ij}}} $$
 *
 * Where θ + m passes π, `cos θ − m sin m` stands in for cos(θ + m), as in `arcFace`. Of equal sub-centers the first is taken.
 *
 * | tensor     | shape                       | dtype   | unit                                        |
 * | ---------- | --------------------------- | ------- | ------------------------------------------- |
 * | labels     | `[n]`                       | any     | class id; a row with no class takes no part |
 * | embeddings | `[n, d]`                    | float32 | any; rows are normalised                    |
 * | weights    | `[classes · subCenters, d]` | float32 | any; rows are normalised                    |
 * | result     | `[]`                        | float32 | nats; 0 or more                             |
 *
 * Cost: O(n·classes·subCenters·d) time, O(n·classes·subCenters) memory.
 *
 * @throws `ERR_OPTION` and `ERR_SHAPE` for options; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` and `ERR_STATE`.
 * @see Deng, Guo, Liu, Gong & Zafeiriou, “Sub-center ArcFace”, ECCV 2020
 * @example
 * const weights = [[1, 0], [0, -1], [0, 1], [-1, 0]];
 * const loss = subCenterArcFace({ classes: 2, dimension: 2, subCenters: 2, scale: 1, margin: Math.PI / 6, weights });
 * loss(tensor1d([0]), tensor2d([[3, 0]])); // log(1 + e^(0 − cos 30°)) ≈ 0.3511
 */
export function subCenterArcFace(options: SubCenterArcFaceOptions): Loss {
  const { classes, subCenters = 3, margin = 0.5, scale = 64, reduce = meanOfValid } = options;
  checkNames(id, options, [...classWeightsNames, 'subCenters', 'margin', 'scale', 'reduce']);
  checkInteger(id, { subCenters }, 1);
  checkRange(id, { margin }, 0, Math.PI);
  checkPositive(id, { scale });
  const parts = { made: { subCenters, margin, scale }, rowsPerClass: subCenters };
  return defineClassLoss(id, options, parts, ({ embeddings, weights, own, valid, source }) => {
    const rows = l2Normalize(embeddings); // [n, d]
    const directions = l2Normalize(weights) as Tensor2D; // [classes · K, d]
    const all = reshape(matMul(rows, directions, false, true), [-1, classes, subCenters]);
    const nearest = withoutGradient(all, (values: Tensor) => pointers(argMax(values, 2), subCenters)); // [n, classes, K]
    const cosines = sum(mul(all, nearest), 2) as Tensor2D; // [n, classes]
    const ofOwn = reshape(mul(nearest, expandDims(own, 2)), [-1, classes * subCenters]) as Tensor2D;
    const logits = additiveAngle({ cosines, own, rows, ownWeights: matMul(ofOwn, directions) }, { margin, scale });
    return reduce(classCrossEntropy(logits, own), valid, source);
  });
}
