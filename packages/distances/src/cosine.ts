import { asColumn, defineDistance, l2Normalize, type Distance } from '@simile/core';
import { add, expandDims, mul, square, step, sub, sum, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { squaredEuclidean } from './squared-euclidean.ts';

/**
 * Cosine distance between rows, of any length: it normalises them.
 *
 * $$ d_{ij} = 1 - \hat a_i \cdot \hat b_j = \tfrac12 \lVert \hat a_i - \hat b_j \rVert^2, \quad \hat x = x / \lVert x \rVert $$
 *
 * The second form is the one computed: it keeps its digits where rows nearly agree, and needs no clipping, which would
 * stop the gradient.
 *
 * | tensor | shape    | dtype   | unit                                       |
 * | ------ | -------- | ------- | ------------------------------------------ |
 * | a      | `[n, d]` | float32 | any, lengths from 1e-12 to 1e18            |
 * | b      | `[m, d]` | float32 | any; default `a` itself                    |
 * | result | `[n, m]` | float32 | none; from 0 (same direction) to 2         |
 *
 * A row shorter than 1e-12 has no direction: it is at distance 1 of every row, itself included, with gradient 0.
 * Cost: O(n·m·d) time; a few blocks of 16 MB beside the result.
 *
 * @throws `ERR_SHAPE`, `ERR_DTYPE` (the distance, when called)
 * @example
 * const distance = cosine();
 * distance(tensor2d([[3, 0]]), tensor2d([[5, 0], [0, 2], [-1, 0], [0, 0]])).arraySync(); // [[0, 1, 2, 1]]
 */
export function cosine(): Distance {
  const squared = squaredEuclidean();
  return defineDistance('cosine', (a, b) => {
    const p = l2Normalize(a); // [n, d]
    const q = a === b ? p : l2Normalize(b); // [m, d]
    const both = mul(asColumn(hasDirection(p)), expandDims(hasDirection(q), 0)); // [n, m]
    return add(mul(squared(p, q), mul(both, 0.5)), sub(1, both)) as Tensor2D;
  });
}

/** 0 for each row of zeros, else 1. */
function hasDirection(unit: Tensor2D): Tensor1D {
  return step(sum(square(unit), 1)) as Tensor1D;
}
