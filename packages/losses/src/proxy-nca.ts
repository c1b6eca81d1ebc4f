import { l2Normalize, maskedLogSumExp, meanOfValid, type Loss, type Reducer } from '@simile/core';
import { checkNames, checkOneOf, checkPositive } from '@simile/core/errors';
import { matMul, mul, onesLike, sub, sum, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';

const id = 'proxy-nca';

/** Options of {@link proxyNca}. */
export interface ProxyNcaOptions extends ClassWeightsOptions {
  /** What squared distances are multiplied by; above 0. Default 1. */
  scale?: number;
  /**
   * Proxies that the own one is set against: `others`, as in the paper, or `all`, its own included, as in ProxyNCA++ and PyTorch
   * Metric Learning; the cost is then 0 or more. Default `others`.
   */
  denominator?: 'others' | 'all';
  /** From the costs of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * Proxy-NCA: neighbourhood components analysis against one learned proxy a class.
 *
 * $$ \ell_i = -\log \frac{e^{-c\,d(\hat x_i, \hat p_y)}}{\sum_{j \ne y} e^{-c\,d(\hat x_i, \hat p_j)}}, \quad
 *    d(a, b) = \lVert a - b \rVert^2 $$
 *
 * | tensor     | shape          | dtype   | unit                                        |
 * | ---------- | -------------- | ------- | ------------------------------------------- |
 * | labels     | `[n]`          | any     | class id; a row with no class takes no part |
 * | embeddings | `[n, d]`       | float32 | any; rows are normalised                    |
 * | weights    | `[classes, d]` | float32 | any; rows are normalised                    |
 * | result     | `[]`           | float32 | nats; may be below 0                        |
 *
 * Cost: O(n·classes·d) time, O(n·classes) memory.
 *
 * @throws `ERR_OPTION` and `ERR_SHAPE` for options; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` and `ERR_STATE`.
 * @see Movshovitz-Attias et al., “No Fuss Distance Metric Learning using Proxies”, ICCV 2017: https://arxiv.org/abs/1703.07464;
 *   all proxies: Teh, DeVries & Taylor, “ProxyNCA++”, ECCV 2020: https://arxiv.org/abs/2004.01113
 * @example
 * const loss = proxyNca({ classes: 2, dimension: 2, weights: [[1, 0], [0, 2]] });
 * loss(tensor1d([0]), tensor2d([[3, 0]])); // 0 − 2 = −2
 */
export function proxyNca(options: ProxyNcaOptions): Loss {
  const { scale = 1, denominator = 'others', reduce = meanOfValid } = options;
  checkNames(id, options, [...classWeightsNames, 'scale', 'denominator', 'reduce']);
  checkPositive(id, { scale });
  checkOneOf(id, { denominator }, ['others', 'all']);
  return defineClassLoss(
    id,
    options,
    { made: { scale, denominator } },
    ({ embeddings, weights, own, valid, source }) => {
      const cosines = matMul(l2Normalize(embeddings), l2Normalize(weights), false, true); // [n, classes]
      const closeness = mul(sub(cosines, 1), 2 * scale) as Tensor2D; // −c·d, for unit rows
      const against = (denominator === 'all' ? onesLike(own) : sub(1, own)) as Tensor2D;
      const pull = sum(mul(closeness, own), 1); // [n]
      return reduce(sub(maskedLogSumExp(closeness, against), pull) as Tensor1D, valid, source);
    },
  );
}
