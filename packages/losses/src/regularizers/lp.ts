import { defineRegularizer, meanOfValid, type Reducer, type Regularizer } from '@simile/core';
import { checkNames, checkRange } from '@simile/core/errors';
import { ones, pow, reshape, square, zeros, type Tensor1D } from '@simile/core/ops';
import { minkowski } from '@simile/distances';

const id = 'lp';

/** Options of {@link lp}. */
export interface LpOptions {
  /** Which norm, from 1 (the sum of the sizes) over 2 (the length) to 1000, or Infinity for the largest. Default 2. */
  p?: number;
  /** Power of the norm, 1 to 1000. Default 1. */
  power?: number;
  /** From the norms of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * Keeps rows short: the mean of their norms.
 *
 * $$ R = \operatorname{mean}_i \lVert x_i \rVert_p^{\,q} $$
 *
 * | tensor | shape    | dtype   | unit                       |
 * | ------ | -------- | ------- | -------------------------- |
 * | rows   | `[n, d]` | float32 | any                        |
 * | result | `[]`     | float32 | that of `rows`, to `power` |
 *
 * A row of zeros has gradient 0. Cost: O(n·d) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the regulariser throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Sohn, “Improved Deep Metric Learning with Multi-class N-pair Loss Objective”, NIPS 2016, section 3.2.2, for its use
 * @example
 * lp()(tensor2d([[3, 4], [0, 1]])); // (5 + 1) / 2 = 3
 */
export function lp(options: LpOptions = {}): Regularizer {
  const { p = 2, power = 1, reduce = meanOfValid } = options;
  checkNames(id, options, ['p', 'power', 'reduce']);
  checkRange(id, { power }, 1, 1000);
  const distance = minkowski({ p });
  return defineRegularizer(id, (rows) => {
    const [n, d] = rows.shape;
    const norms = reshape(distance(rows, zeros([1, d])), [n]) as Tensor1D;
    const costs = power === 1 ? norms : power === 2 ? square(norms) : (pow(norms, power) as Tensor1D);
    return reduce(costs, ones([n]));
  });
}
