import { defineDistance, type Distance } from '@simile/core';
import { fusedKernel, mul, square, type Tensor2D } from '@simile/core/ops';
import { normalized, type NormalizeOptions } from './normalize.ts';
import { sumOfDifferences } from './sum-of-differences.ts';

/**
 * Squared Euclidean distance between rows.
 *
 * $$ d_{ij} = \sum_k (a_{ik} - b_{jk})^2 $$
 *
 * | tensor | shape    | dtype   | unit                                         |
 * | ------ | -------- | ------- | -------------------------------------------- |
 * | a      | `[n, d]` | float32 | any, up to 1e18                              |
 * | b      | `[m, d]` | float32 | that of `a`; default `a` itself              |
 * | result | `[n, m]` | float32 | square of that of `a`; 0 or more             |
 *
 * Equal rows are at distance 0 exactly. Cost: O(n·m·d) time; a few blocks of 16 MB beside the result.
 *
 * @throws `ERR_OPTION` for an option out of its range; the distance throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @example
 * const distance = squaredEuclidean();
 * distance(tensor2d([[0, 0], [3, 4]])).arraySync(); // [[0, 25], [25, 0]]
 */
export function squaredEuclidean(options: NormalizeOptions = {}): Distance {
  const distance = defineDistance(
    'squared-euclidean',
    (a, b) =>
      fusedKernel<Tensor2D>('SimileSquaredDifferences', a === b ? { a } : { a, b }) ??
      sumOfDifferences(a, b, { value: square, slope: (difference) => mul(difference, 2) }),
  );
  return normalized(distance, options);
}
