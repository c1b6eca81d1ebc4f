import { defineDistance, safeSqrt, type Distance } from '@simile/core';
import { normalized, type NormalizeOptions } from './normalize.ts';
import { squaredEuclidean } from './squared-euclidean.ts';

/**
 * Euclidean distance between rows: plain, never squared.
 *
 * $$ d_{ij} = \sqrt{\textstyle\sum_k (a_{ik} - b_{jk})^2} $$
 *
 * | tensor | shape    | dtype   | unit                            |
 * | ------ | -------- | ------- | ------------------------------- |
 * | a      | `[n, d]` | float32 | any, up to 1e18                 |
 * | b      | `[m, d]` | float32 | that of `a`; default `a` itself |
 * | result | `[n, m]` | float32 | that of `a`; 0 or more          |
 *
 * Equal rows, and rows nearer than 1e-12, are at distance 0 exactly, with gradient 0: there the derivative has no
 * direction. Cost: O(n·m·d) time; a few blocks of 16 MB beside the result.
 *
 * @throws `ERR_OPTION` for an option out of its range; the distance throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @example
 * const distance = euclidean();
 * distance(tensor2d([[0, 0], [3, 4]])).arraySync(); // [[0, 5], [5, 0]]
 */
export function euclidean(options: NormalizeOptions = {}): Distance {
  const squared = squaredEuclidean();
  const distance = defineDistance('euclidean', (a, b) => safeSqrt(squared(a, b)));
  return normalized(distance, options);
}
