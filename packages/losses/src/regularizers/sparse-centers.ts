import { defineRegularizer, l2Normalize, type Regularizer } from '@simile/core';
import { checkInteger, checkNames, SimileError } from '@simile/core/errors';
import { div, reshape, type Scalar, type Tensor3D } from '@simile/core/ops';
import { centerDistances } from '../center-distances.ts';

const id = 'sparse-centers';

/** Options of {@link sparseCenters}. */
export interface SparseCentersOptions {
  /** Rows that belong to a class, which follow each other; 2 or more. */
  centersPerClass: number;
}

/**
 * Draws the centers of each class together, so that superfluous ones fall into one. `softTriple` has it built in, as `tau`.
 *
 * $$ R = \frac{1}{C K (K - 1)} \sum_c \sum_{s < t} \lVert \hat x_{cs} - \hat x_{ct} \rVert $$
 *
 * | tensor | shape      | dtype   | unit                                |
 * | ------ | ---------- | ------- | ----------------------------------- |
 * | rows   | `[C·K, d]` | float32 | any; they are normalised            |
 * | result | `[]`       | float32 | distance of unit rows, halved; 0 to 1 |
 *
 * Centers that have met pull no more. Cost: O(C·K²·d) time, O(C·K·d) memory.
 *
 * @throws `ERR_OPTION` for less than 2 centers; the regulariser throws `ERR_DTYPE`, and `ERR_SHAPE` for rows that make no whole classes.
 * @see Qian, Shang, Sun, Hu, Li & Jin, “SoftTriple Loss: Deep Metric Learning Without Triplet Sampling”, ICCV 2019, eq. 8:
 *   https://arxiv.org/abs/1909.05235
 * @example
 * sparseCenters({ centersPerClass: 2 })(tensor2d([[1, 0], [0, 1]])); // √2 / 2 ≈ 0.7071
 */
export function sparseCenters(options: SparseCentersOptions): Regularizer {
  const { centersPerClass } = options;
  checkNames(id, options, ['centersPerClass']);
  checkInteger(id, { centersPerClass }, 2);
  return defineRegularizer(id, (rows) => {
    const [n, d] = rows.shape;
    checkWhole(n, centersPerClass);
    const centers = reshape(l2Normalize(rows), [-1, centersPerClass, d]) as Tensor3D;
    return div(centerDistances(centers), n * (centersPerClass - 1)) as Scalar;
  });
}

function checkWhole(rows: number, centersPerClass: number): void {
  if (rows % centersPerClass === 0) return;
  throw new SimileError({
    where: id,
    rule: `rows must be ${centersPerClass} for each class`,
    got: rows,
    remedy: 'Give centersPerClass as the loss has it.',
    code: 'ERR_SHAPE',
  });
}
