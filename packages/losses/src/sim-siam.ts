import { defineViewLoss, l2Normalize, meanOfAll, stopGradient, type Reducer, type ViewLoss } from '@simile/core';
import { checkNames } from '@simile/core/errors';
import { add, div, mul, ones, sum, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';

const id = 'sim-siam';

/** Options of {@link simSiam}. */
export interface SimSiamOptions {
  /** From the costs of the items to one number. Default `meanOfAll`, the paper's. */
  reduce?: Reducer;
}

/**
 * SimSiam: from one view, predict what the network makes of the other. No negatives, no second network.
 *
 * $$ \ell_i = -\tfrac12 \bigl(\cos(p_{1i}, z_{2i}) + \cos(p_{2i}, z_{1i})\bigr) $$
 *
 * The views are outputs p of the predictor, the targets outputs z of the projector before it. What keeps the network from
 * answering the same for everything is that z is a constant, which this loss sees to, and that there is a predictor.
 *
 * | tensor        | shape    | dtype   | unit                                              |
 * | ------------- | -------- | ------- | ------------------------------------------------- |
 * | first, second | `[n, d]` | float32 | outputs of the predictor; rows are normalised     |
 * | targets       | `[n, d]` | float32 | outputs of the projector for the same views       |
 * | result        | `[]`     | float32 | −1 to 1                                           |
 *
 * Cost: O(nd).
 *
 * @throws `ERR_OPTION` for an option that it does not have; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_OPTION` without targets.
 * @see Chen & He, “Exploring Simple Siamese Representation Learning”, CVPR 2021, algorithm 1: https://arxiv.org/abs/2011.10566
 * @example
 * const [p1, p2] = [tensor2d([[1, 0]]), tensor2d([[0, 1]])];
 * const targets = { first: tensor2d([[1, 1]]), second: tensor2d([[3, 0]]) };
 * simSiam()(p1, p2, targets); // −(cos(p1, z2) + cos(p2, z1)) / 2 = −(1 + √½) / 2 ≈ −0.8536
 */
export function simSiam(options: SimSiamOptions = {}): ViewLoss {
  const { reduce = meanOfAll } = options;
  checkNames(id, options, ['reduce']);

  return defineViewLoss(
    id,
    {},
    (first, second, targets) => {
      const near = add(cosines(first, targets.second), cosines(second, targets.first)); // [n]
      return reduce(div(near, -2) as Tensor1D, ones([first.shape[0]]));
    },
    { takesTargets: true, distance: cosine() },
  );
}

/** Cosine of each prediction and its target, which is constant: `[n]`. */
function cosines(prediction: Tensor2D, target: Tensor2D): Tensor1D {
  return sum(mul(l2Normalize(prediction), l2Normalize(stopGradient(target))), 1);
}
