import { asColumn, defineDistance, l2Normalize, safeSqrt, type Distance } from '@simile/core';
import {
  add,
  atan2,
  expandDims,
  mul,
  neg,
  square,
  step,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';
import { squaredEuclidean } from './squared-euclidean.ts';

/**
 * Angle between rows, of any length: it normalises them.
 *
 * $$ d_{ij} = \arccos(\hat a_i \cdot \hat b_j) = 2 \arctan \frac{\lVert \hat a_i - \hat b_j \rVert}{\lVert \hat a_i + \hat b_j \rVert},
 *    \quad \hat x = x / \lVert x \rVert $$
 *
 * The second form is the one computed: it keeps its digits where rows nearly agree or nearly oppose, where that of arccos has none.
 *
 * | tensor | shape    | dtype   | unit                                       |
 * | ------ | -------- | ------- | ------------------------------------------ |
 * | a      | `[n, d]` | float32 | any, lengths from 1e-12 to 1e18            |
 * | b      | `[m, d]` | float32 | any; default `a` itself                    |
 * | result | `[n, m]` | float32 | radians, from 0 (same direction) to π      |
 *
 * A row shorter than 1e-12 has no direction: it is at π/2 from every row, itself included, with gradient 0. So is the gradient
 * between rows of the same and of opposite direction. Orders rows as `cosine` does, and unlike it obeys the triangle inequality.
 * Cost: O(n·m·d) time, twice that of `cosine`; a few blocks of 16 MB beside the result.
 *
 * @throws `ERR_SHAPE`, `ERR_DTYPE` (the distance, when called)
 * @see Kahan, “How Futile are Mindless Assessments of Roundoff in Floating-Point Computation?”, 2006, section 12, for the form
 * @example
 * const distance = angular();
 * distance(tensor2d([[3, 0]]), tensor2d([[5, 0], [0, 2], [-1, 0]])).arraySync(); // [[0, π/2, π]]
 */
export function angular(): Distance {
  const squared = squaredEuclidean();
  return defineDistance('angular', (a, b) => {
    const p = l2Normalize(a); // [n, d]
    const q = a === b ? p : l2Normalize(b); // [m, d]
    const both = mul(asColumn(hasDirection(p)), expandDims(hasDirection(q), 0)); // [n, m]
    const orOne = (length: Tensor2D): Tensor2D => add(mul(length, both), sub(1, both)) as Tensor2D;
    const apart = orOne(safeSqrt(squared(p, q))); // ‖p − q‖
    const together = orOne(safeSqrt(squared(p, neg(q)))); // ‖p + q‖
    return mul(atan2(apart, together), 2) as Tensor2D;
  });
}

/** 0 for each row of zeros, else 1. */
function hasDirection(unit: Tensor2D): Tensor1D {
  return step(sum(square(unit), 1)) as Tensor1D;
}
