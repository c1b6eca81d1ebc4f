import { defineViewLoss, type ViewLoss } from '@simile/core';
import { checkNames, checkNotNegative } from '@simile/core/errors';
import {
  add,
  div,
  eye,
  matMul,
  mean,
  mul,
  neg,
  sqrt,
  square,
  step,
  sub,
  sum,
  type Scalar,
  type Tensor2D,
} from '@simile/core/ops';

const id = 'barlow-twins';

/** A column that varies by less than this part of its mean is constant: float32 tells no more. Squared. */
const LEAST_VARIATION = 1e-12;

/** Options of {@link barlowTwins}. */
export interface BarlowTwinsOptions {
  /** Weight of the correlations that should be 0; 0 or more. Default 0.005, the paper's. */
  lambda?: number;
}

/**
 * Barlow twins: each feature of one view should correlate with itself in the other view, and with no other feature.
 *
 * $$ \sum_i (1 - C_{ii})^2 + \lambda \sum_{i \neq j} C_{ij}^2 $$
 *
 * C is the correlation over the batch of feature i of one view and feature j of the other. A feature that is the same for
 * every item correlates with nothing, itself included: it costs 1. So does each of a batch of one item.
 *
 * | tensor        | shape    | dtype   | unit                                |
 * | ------------- | -------- | ------- | ----------------------------------- |
 * | first, second | `[n, d]` | float32 | any; features are standardised      |
 * | result        | `[]`     | float32 | 0 or more; grows with d             |
 *
 * Wants wide outputs rather than large batches, and no normalisation before it. It has no distance of its own. Cost: O(nd²) time, O(d²) memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_OPTION` for targets.
 * @see Zbontar, Jing, Misra, LeCun & Deny, “Barlow Twins: Self-Supervised Learning via Redundancy Reduction”, ICML 2021, eqs. 1 and 2:
 *   https://arxiv.org/abs/2103.03230
 * @example
 * const loss = barlowTwins({ lambda: 0.5 });
 * const first = tensor2d([[1, 1], [-1, -1]]);
 * loss(first, first); // both features are one: (1 − 1)² twice, and 0.5 · 1² twice: 1
 */
export function barlowTwins(options: BarlowTwinsOptions = {}): ViewLoss {
  const { lambda = 0.005 } = options;
  checkNames(id, options, ['lambda']);
  checkNotNegative(id, { lambda });

  return defineViewLoss(id, { lambda }, (first, second) => {
    const [n, d] = first.shape;
    const correlations = div(matMul(standardized(first), standardized(second), true), n) as Tensor2D; // [d, d]
    const same = eye(d);
    const itself = sum(square(mul(sub(1, correlations), same)));
    const others = sum(square(mul(correlations, sub(1, same))));
    return add(itself, mul(others, lambda)) as Scalar;
  });
}

/** Columns of mean 0 and deviation 1; a constant one is 0, and has no gradient. */
function standardized(rows: Tensor2D): Tensor2D {
  const middle = mean(rows, 0, true); // [1, d]
  const off = sub(rows, middle) as Tensor2D;
  const variance = mean(square(off), 0, true);
  const varies = step(add(variance, neg(mul(square(middle), LEAST_VARIATION))));
  return mul(div(off, sqrt(add(mul(variance, varies), sub(1, varies)))), varies) as Tensor2D;
}
