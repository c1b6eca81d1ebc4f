import { defineViewLoss, l2Normalize, meanOfAll, stopGradient, type Reducer, type ViewLoss } from '@simile/core';
import { checkNames } from '@simile/core/errors';
import { add, ones, squaredDifference, sum, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';

const id = 'byol';

/** Options of {@link byol}. */
export interface ByolOptions {
  /** From the costs of the items to one number. Default `meanOfAll`, the paper's. */
  reduce?: Reducer;
}

/**
 * BYOL: from one view, predict what a slower copy of the network makes of the other. No negatives.
 *
 * $$ \ell_i = \lVert \bar q_{1i} - \bar z'_{2i} \rVert^2 + \lVert \bar q_{2i} - \bar z'_{1i} \rVert^2 $$
 *
 * The bars are rows of length 1. The views are outputs q of the online network's predictor, the targets outputs z′ of the target network's
 * projector, constants. After each step the target network follows the online one: `moveTowards`.
 *
 * | tensor        | shape    | dtype   | unit                                                  |
 * | ------------- | -------- | ------- | ----------------------------------------------------- |
 * | first, second | `[n, d]` | float32 | outputs of the predictor; rows are normalised         |
 * | targets       | `[n, d]` | float32 | outputs of the target network for the same views      |
 * | result        | `[]`     | float32 | 0 to 8                                                |
 *
 * Cost: O(nd).
 *
 * @throws `ERR_OPTION` for an option that it does not have; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_OPTION` without targets.
 * @see Grill et al., “Bootstrap Your Own Latent”, NeurIPS 2020, eq. 2, of both views: https://arxiv.org/abs/2006.07733
 * @example
 * const [q1, q2] = [tensor2d([[1, 0]]), tensor2d([[0, 1]])];
 * const targets = { first: tensor2d([[1, 0]]), second: tensor2d([[3, 0]]) };
 * byol()(q1, q2, targets); // |q1 − (1, 0)|² + |q2 − (1, 0)|² = 2
 */
export function byol(options: ByolOptions = {}): ViewLoss {
  const { reduce = meanOfAll } = options;
  checkNames(id, options, ['reduce']);

  return defineViewLoss(
    id,
    {},
    (first, second, targets) => {
      const off = add(offTarget(first, targets.second), offTarget(second, targets.first)) as Tensor1D; // [n]
      return reduce(off, ones([first.shape[0]]));
    },
    { takesTargets: true, distance: cosine() },
  );
}

/** Squared distance of directions of each prediction and its target, which is constant: `[n]`. */
function offTarget(prediction: Tensor2D, target: Tensor2D): Tensor1D {
  return sum(squaredDifference(l2Normalize(prediction), l2Normalize(stopGradient(target))), 1);
}
