import { defineRegularizer, maskedArgMin, meanOfValid, pick, rowHasAny, withoutGradient } from '@simile/core';
import type { Distance, Reducer, Regularizer } from '@simile/core';
import { checkFinite, checkNames } from '@simile/core/errors';
import { eye, sub, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';

const id = 'regular-face';

/** Options of {@link regularFace}. */
export interface RegularFaceOptions {
  /** What two rows are compared by. Default `cosine()`. */
  distance?: Distance;
  /** Similarity at distance 0: `center − distance` is the similarity. 1 for `cosine`, 0 for `innerProduct`. Default 1. */
  center?: number;
  /** From the similarities of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * Spreads rows out: the mean similarity of each to its nearest other row. Meant for the weights of classes.
 *
 * $$ R = \operatorname{mean}_i \max_{j \ne i} \hat x_i \cdot \hat x_j $$
 *
 * Which row is the nearest is constant for the gradient; the first of equals. A single row costs 0.
 *
 * | tensor | shape    | dtype   | unit                        |
 * | ------ | -------- | ------- | --------------------------- |
 * | rows   | `[n, d]` | float32 | any; `cosine` normalises    |
 * | result | `[]`     | float32 | cosine, −1 to 1             |
 *
 * Cost: that of `distance`, and O(n²) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the regulariser throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Zhao, Xu & Cheng, “RegularFace: Deep Face Recognition via Exclusive Regularization”, CVPR 2019, eq. 6
 * @example
 * regularFace()(tensor2d([[1, 0], [0, 2], [3, 4]])); // nearest by cosine: 0.6, 0.8, 0.8: (0.6 + 0.8 + 0.8) / 3 ≈ 0.7333
 */
export function regularFace(options: RegularFaceOptions = {}): Regularizer {
  const { distance = cosine(), center = 1, reduce = meanOfValid } = options;
  checkNames(id, options, ['distance', 'center', 'reduce']);
  checkFinite(id, { center });
  return defineRegularizer(id, (rows) => {
    const d = distance(rows); // [n, n]
    const others = sub(1, eye(rows.shape[0])) as Tensor2D;
    const nearest = withoutGradient(d, (values) => maskedArgMin(values, others)); // [n]
    return reduce(sub(center, pick(d, nearest)) as Tensor1D, rowHasAny(others));
  });
}
