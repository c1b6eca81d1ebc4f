import { defineDistance, type Distance } from '@simile/core';
import { abs, div, sign, type Tensor2D } from '@simile/core/ops';
import { sumOfDifferences } from './sum-of-differences.ts';

/**
 * Hamming distance between rows of 0 and 1: the share of places at which they differ.
 *
 * $$ d_{ij} = \frac1d \sum_k |a_{ik} - b_{jk}| $$
 *
 * | tensor | shape    | dtype   | unit                            |
 * | ------ | -------- | ------- | ------------------------------- |
 * | a      | `[n, d]` | float32 | 0 or 1                          |
 * | b      | `[m, d]` | float32 | 0 or 1; default `a` itself      |
 * | result | `[n, m]` | float32 | share, 0 to 1                   |
 *
 * Values between 0 and 1, as a sigmoid gives them before they are cut to bits, have the mean difference and a gradient. Cost: O(n·m·d)
 * time; a few blocks of 16 MB beside the result.
 *
 * @throws `ERR_SHAPE`, `ERR_DTYPE` (the distance, when called)
 * @see Hamming, “Error Detecting and Error Correcting Codes”, Bell System Technical Journal 29, 1950
 * @example
 * const distance = hamming();
 * distance(tensor2d([[0, 1, 1, 0], [1, 1, 0, 0]])).arraySync(); // [[0, 0.5], [0.5, 0]]
 */
export function hamming(): Distance {
  return defineDistance(
    'hamming',
    (a, b) => div(sumOfDifferences(a, b, { value: abs, slope: sign }), a.shape[1]) as Tensor2D,
  );
}
