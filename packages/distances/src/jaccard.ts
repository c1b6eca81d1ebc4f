import { asColumn, defineDistance, type Distance } from '@simile/core';
import { abs, add, div, expandDims, maximum, mul, sign, sum, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { sumOfDifferences } from './sum-of-differences.ts';

/** Least size of a union, so that that of two empty sets can be divided by. */
const LEAST = 1e-12;

/**
 * Jaccard distance between sets, given as rows of 0 and 1: the share of their union that is not in both.
 *
 * $$ d_{ij} = 1 - \frac{|a_i \cap b_j|}{|a_i \cup b_j|}
 *    = \frac{2 \sum_k |a_{ik} - b_{jk}|}{\sum_k |a_{ik}| + |b_{jk}| + |a_{ik} - b_{jk}|} $$
 *
 * | tensor | shape    | dtype   | unit                            |
 * | ------ | -------- | ------- | ------------------------------- |
 * | a      | `[n, d]` | float32 | 0 or 1                          |
 * | b      | `[m, d]` | float32 | 0 or 1; default `a` itself      |
 * | result | `[n, m]` | float32 | share, 0 to 1                   |
 *
 * The second form, which is computed, keeps its digits where sets nearly agree, and takes weights of 0 or more in place of bits (then it
 * is Ruzicka's distance, `1 − Σ min / Σ max`). Two empty sets are at distance 0. Cost: O(n·m·d) time; a few blocks of 16 MB beside the
 * result.
 *
 * @throws `ERR_SHAPE`, `ERR_DTYPE` (the distance, when called)
 * @see Jaccard, “The Distribution of the Flora in the Alpine Zone”, New Phytologist 11, 1912
 * @example
 * const distance = jaccard();
 * distance(tensor2d([[1, 1, 1, 0], [0, 1, 1, 1]])).arraySync(); // [[0, 0.5], [0.5, 0]]: 2 of 4 in both
 */
export function jaccard(): Distance {
  return defineDistance('jaccard', (a, b) => {
    const apart = sumOfDifferences(a, b, { value: abs, slope: sign }); // [n, m]
    const sizes = (x: Tensor2D): Tensor1D => sum(abs(x), 1) as Tensor1D;
    const both = add(asColumn(sizes(a)), expandDims(sizes(b), 0)); // [n, m]
    return div(mul(apart, 2), maximum(add(both, apart), LEAST)) as Tensor2D;
  });
}
