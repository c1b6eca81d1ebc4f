import { defineRegularizer, meanOfValid, type Reducer, type Regularizer } from '@simile/core';
import { checkNames } from '@simile/core/errors';
import { div, mean, ones, square, sub, sum, type Tensor1D } from '@simile/core/ops';

const id = 'center-invariant';

/** Options of {@link centerInvariant}. */
export interface CenterInvariantOptions {
  /** From the costs of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * Keeps rows equally long, so that classes with few examples do not end with short weights.
 *
 * $$ R = \operatorname{mean}_i \tfrac14 \left( \lVert x_i \rVert^2 - \operatorname{mean}_j \lVert x_j \rVert^2 \right)^2 $$
 *
 * | tensor | shape    | dtype   | unit                        |
 * | ------ | -------- | ------- | --------------------------- |
 * | rows   | `[n, d]` | float32 | any                         |
 * | result | `[]`     | float32 | fourth power of that of rows|
 *
 * Cost: O(n·d) time.
 *
 * @throws `ERR_OPTION` for an option of another name; the regulariser throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Wu, Liu, Li, Liu & Fu, “Deep Face Recognition with Center Invariant Loss”, ACM Multimedia Thematic Workshops 2017
 * @example
 * centerInvariant()(tensor2d([[1, 0], [0, 3]])); // squares 1 and 9, mean 5: (4² / 4 + 4² / 4) / 2 = 4
 */
export function centerInvariant(options: CenterInvariantOptions = {}): Regularizer {
  const { reduce = meanOfValid } = options;
  checkNames(id, options, ['reduce']);
  return defineRegularizer(id, (rows) => {
    const squares = sum(square(rows), 1); // [n]
    return reduce(div(square(sub(squares, mean(squares))), 4) as Tensor1D, ones([rows.shape[0]]));
  });
}
