import { defineDistance, type Distance } from '@simile/core';
import { abs, sign } from '@simile/core/ops';
import { normalized, type NormalizeOptions } from './normalize.ts';
import { sumOfDifferences } from './sum-of-differences.ts';

/**
 * Manhattan distance between rows.
 *
 * $$ d_{ij} = \sum_k |a_{ik} - b_{jk}| $$
 *
 * | tensor | shape    | dtype   | unit                            |
 * | ------ | -------- | ------- | ------------------------------- |
 * | a      | `[n, d]` | float32 | any                             |
 * | b      | `[m, d]` | float32 | that of `a`; default `a` itself |
 * | result | `[n, m]` | float32 | that of `a`; 0 or more          |
 *
 * Where two coordinates are equal the gradient takes 0 from the interval [−1, 1]. Cost: O(n·m·d) time; a few blocks of
 * 16 MB beside the result.
 *
 * @throws `ERR_OPTION` for an option out of its range; the distance throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @example
 * const distance = manhattan();
 * distance(tensor2d([[0, 0], [3, 4]])).arraySync(); // [[0, 7], [7, 0]]
 */
export function manhattan(options: NormalizeOptions = {}): Distance {
  const distance = defineDistance('manhattan', (a, b) => sumOfDifferences(a, b, { value: abs, slope: sign }));
  return normalized(distance, options);
}
