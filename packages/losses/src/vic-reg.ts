import { defineViewLoss, type ViewLoss } from '@simile/core';
import { checkNames, checkNotNegative, checkPositive } from '@simile/core/errors';
import {
  add,
  div,
  eye,
  matMul,
  mean,
  mul,
  relu,
  sqrt,
  square,
  squaredDifference,
  sub,
  sum,
  type Scalar,
  type Tensor2D,
} from '@simile/core/ops';

const id = 'vic-reg';

/** Options of {@link vicReg}. */
export interface VicRegOptions {
  /** Weight of invariance; 0 or more. Default 25 / d, which the authors' code comes to. */
  lambda?: number;
  /** Weight of variance; 0 or more. Default 12.5, which the authors' code comes to. */
  mu?: number;
  /** Weight of covariance; 0 or more. Default 1. */
  nu?: number;
  /** Deviation that each feature should have at least; above 0. Default 1. */
  gamma?: number;
  /** Added to a variance before its root is taken; above 0. Default 1e-4. */
  epsilon?: number;
}

/**
 * VICReg: views of an item should be near, each feature should vary over the batch, and no two should vary together.
 *
 * $$ \lambda\, s(Z, Z') + \mu\,[v(Z) + v(Z')] + \nu\,[c(Z) + c(Z')] $$
 *
 * s is the mean over items of the squared distance of their views; v the mean over features of
 * `max(0, gamma − √(variance + epsilon))`; c the sum of squared covariances of different features, over d. Variances and
 * covariances divide by n − 1; those of one item are 0.
 *
 * | tensor        | shape    | dtype   | unit                       |
 * | ------------- | -------- | ------- | -------------------------- |
 * | first, second | `[n, d]` | float32 | any; not to be normalised  |
 * | result        | `[]`     | float32 | 0 or more                  |
 *
 * The weights 25, 25 and 1 of the paper go with the authors' code, which divides s by d and halves v: hence the defaults. With
 * `lambda` 25 and wide rows, views are pulled together until nothing else matters. Nearness is Euclidean, but the loss has no
 * distance of its own. Cost: O(nd²) time, O(d²) memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_OPTION` for targets.
 * @see Bardes, Ponce & LeCun, “VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised Learning”, ICLR 2022, eqs. 1 to 6:
 *   https://arxiv.org/abs/2105.04906
 * @example
 * const loss = vicReg({ lambda: 1, mu: 0, nu: 2 });
 * const first = tensor2d([[1, 1], [-1, -1]]);
 * // Distance 0; both features have covariance 2: 2² twice, over 2, for both views.
 * loss(first, first); // 2 · (4 + 4) = 16
 */
export function vicReg(options: VicRegOptions = {}): ViewLoss {
  const { lambda, mu = 12.5, nu = 1, gamma = 1, epsilon = 1e-4 } = options;
  checkNames(id, options, ['lambda', 'mu', 'nu', 'gamma', 'epsilon']);
  checkNotNegative(id, { ...(lambda !== undefined && { lambda }), mu, nu });
  checkPositive(id, { gamma, epsilon });

  return defineViewLoss(id, { lambda: lambda ?? '25 / d', mu, nu, gamma, epsilon }, (first, second) => {
    const invariance = mean(sum(squaredDifference(first, second), 1));
    const spread = [first, second].map((rows) => {
      const [n, d] = rows.shape;
      const off = sub(rows, mean(rows, 0, true)) as Tensor2D; // [n, d]
      const covariances = div(matMul(off, off, true), Math.max(n - 1, 1)) as Tensor2D; // [d, d]
      const deviations = sqrt(add(sum(mul(covariances, eye(d)), 0), epsilon)); // [d]
      const between = sum(square(mul(covariances, sub(1, eye(d)))));
      return add(mul(mean(relu(sub(gamma, deviations))), mu), mul(between, nu / d));
    });
    return spread.reduce((total, each) => add(total, each), mul(invariance, lambda ?? 25 / first.shape[1])) as Scalar;
  });
}
