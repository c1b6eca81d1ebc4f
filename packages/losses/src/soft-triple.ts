import { l2Normalize, meanOfValid, type Loss, type Reducer } from '@simile/core';
import { checkInteger, checkNames, checkNotNegative, checkPositive } from '@simile/core/errors';
import { add, matMul, mul, reshape, softmax, sub, sum, type Scalar, type Tensor2D } from '@simile/core/ops';
import { centerDistances } from './center-distances.ts';
import { classCrossEntropy } from './class-cross-entropy.ts';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';

const id = 'soft-triple';

/** Options of {@link softTriple}; `weights` are `[classes · centersPerClass, dimension]`, class after class. */
export interface SoftTripleOptions extends ClassWeightsOptions {
  /** Centers of a class; 1 or more. Default 10. */
  centersPerClass?: number;
  /** What similarities are multiplied by; above 0. Default 20. */
  lambda?: number;
  /** Temperature of the choice among the centers of a class, in the unit of the cosine; above 0. Default 0.1. */
  gamma?: number;
  /** By how much the similarity to the own class must be larger; 0 or more. Default 0.01. */
  margin?: number;
  /** Weight of the distances between the centers of a class, which draws superfluous ones together; 0 or more. Default 0.2. */
  tau?: number;
  /** From the costs of the rows to one number, to which the distances are added. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * SoftTriple: classification by the cosine to several centers a class, weighed by how near each is.
 *
 * $$ S_{ic} = \sum_k \frac{e^{s_{ick}/\gamma}}{\sum_l e^{s_{icl}/\gamma}} s_{ick}, \quad
 *    \ell_i = -\log \frac{e^{\lambda(S_{iy} - \delta)}}{e^{\lambda(S_{iy} - \delta)} + \sum_{j \ne y} e^{\lambda S_{ij}}} $$
 *
 * $$ L = \operatorname{mean} \ell + \frac{\tau}{C K (K - 1)} \sum_c \sum_{k < l} \sqrt{2 - 2\,\hat w_{ck} \cdot \hat w_{cl}} $$
 *
 * | tensor     | shape                            | dtype   | unit                                        |
 * | ---------- | -------------------------------- | ------- | ------------------------------------------- |
 * | labels     | `[n]`                            | any     | class id; a row with no class takes no part |
 * | embeddings | `[n, d]`                         | float32 | any; rows are normalised                    |
 * | weights    | `[classes · centersPerClass, d]` | float32 | any; rows are normalised                    |
 * | result     | `[]`                             | float32 | nats; 0 or more                             |
 *
 * PyTorch Metric Learning has the distances in a regulariser of its own: its number is that of `tau: 0`. Cost, with K centers:
 * O(n·classes·K·d + classes·K²·d) time, O(n·classes·K + classes·K·d) memory.
 *
 * @throws `ERR_OPTION` and `ERR_SHAPE` for options; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` and `ERR_STATE`.
 * @see Qian et al., “SoftTriple Loss: Deep Metric Learning Without Triplet Sampling”, ICCV 2019: https://arxiv.org/abs/1909.05235
 * @example
 * const weights = [[1, 0], [2, 0], [0, 1], [0, 3]]; // two centers a class, which agree
 * const loss = softTriple({ classes: 2, dimension: 2, centersPerClass: 2, lambda: 1, margin: 0.5, weights });
 * loss(tensor1d([0]), tensor2d([[3, 0]])); // log(1 + e^(0 − (1 − 0.5))) ≈ 0.4741
 */
export function softTriple(options: SoftTripleOptions): Loss {
  const { classes, centersPerClass = 10, lambda = 20, gamma = 0.1, margin = 0.01, tau = 0.2 } = options;
  const { dimension, reduce = meanOfValid } = options;
  const names = ['centersPerClass', 'lambda', 'gamma', 'margin', 'tau', 'reduce'];
  checkNames(id, options, [...classWeightsNames, ...names]);
  checkInteger(id, { centersPerClass }, 1);
  checkPositive(id, { lambda, gamma });
  checkNotNegative(id, { margin, tau });
  const parts = { made: { centersPerClass, lambda, gamma, margin, tau }, rowsPerClass: centersPerClass };
  return defineClassLoss(id, options, parts, ({ embeddings, weights, own, valid, source }) => {
    const centers = l2Normalize(weights) as Tensor2D; // [classes · K, d]
    const cosines = matMul(l2Normalize(embeddings), centers, false, true);
    const s = reshape(cosines, [-1, classes, centersPerClass]);
    const similarity = sum(mul(softmax(mul(s, 1 / gamma)), s), 2); // [n, classes]
    const logits = mul(sub(similarity, mul(own, margin)), lambda) as Tensor2D;
    const cost = reduce(classCrossEntropy(logits, own), valid, source);
    if (tau === 0 || centersPerClass === 1) return cost;
    const apart = centerDistances(reshape(centers, [classes, centersPerClass, dimension]));
    return add(cost, mul(apart, tau / (classes * centersPerClass * (centersPerClass - 1)))) as Scalar;
  });
}
