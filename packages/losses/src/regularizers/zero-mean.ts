import { defineRegularizer, meanOfValid, type Reducer, type Regularizer } from '@simile/core';
import { checkNames } from '@simile/core/errors';
import { abs, ones, sum, type Tensor1D } from '@simile/core/ops';

const id = 'zero-mean';

/** Options of {@link zeroMean}. */
export interface ZeroMeanOptions {
  /** From the sums of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * Keeps the features of each row around zero: the mean of the sizes of their sums. The signal-to-noise distance assumes it.
 *
 * $$ R = \operatorname{mean}_i \left| \textstyle\sum_k x_{ik} \right| $$
 *
 * | tensor | shape    | dtype   | unit           |
 * | ------ | -------- | ------- | -------------- |
 * | rows   | `[n, d]` | float32 | any            |
 * | result | `[]`     | float32 | that of `rows` |
 *
 * Cost: O(n·d) time.
 *
 * @throws `ERR_OPTION` for an option of another name; the regulariser throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Yuan, Deng, Tang, Tang & Chen, “Signal-to-Noise Ratio: A Robust Distance Metric for Deep Metric Learning”, CVPR 2019:
 *   https://arxiv.org/abs/1904.02616
 * @example
 * zeroMean()(tensor2d([[3, -4], [1, 2]])); // (1 + 3) / 2 = 2
 */
export function zeroMean(options: ZeroMeanOptions = {}): Regularizer {
  const { reduce = meanOfValid } = options;
  checkNames(id, options, ['reduce']);
  return defineRegularizer(id, (rows) => reduce(abs(sum(rows, 1)) as Tensor1D, ones([rows.shape[0]])));
}
