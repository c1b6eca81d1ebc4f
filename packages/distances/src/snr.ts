import { defineDistance, type Distance } from '@simile/core';
import { div, maximum, mean, square, sub, type Tensor2D } from '@simile/core/ops';
import { normalized, type NormalizeOptions } from './normalize.ts';
import { squaredEuclidean } from './squared-euclidean.ts';

/** Least variance of an anchor, so that a constant one has a finite distance. */
const LEAST = 1e-12;

/**
 * Signal-to-noise ratio distance: variance of the difference over the variance of the anchor, over the features.
 *
 * $$ d_{ij} = \frac{\operatorname{var}(a_i - b_j)}{\max(\operatorname{var}(a_i), 10^{-12})} $$
 *
 * | tensor | shape    | dtype   | unit                                             |
 * | ------ | -------- | ------- | ------------------------------------------------ |
 * | a      | `[n, d]` | float32 | any, up to 1e12; the anchors (in search: queries)|
 * | b      | `[m, d]` | float32 | that of `a`; default `a` itself                  |
 * | result | `[n, m]` | float32 | none; 0 or more; not symmetric                   |
 *
 * An anchor whose values are all the same has no signal; its variance counts as 1e-12, which puts it at distance 0 of other
 * such rows and very far from all others, never at NaN. Cost: O(n·m·d) time; a few blocks of 16 MB beside the result.
 *
 * @throws `ERR_OPTION` for an option out of its range; the distance throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Yuan, Deng, Tang, Tang & Chen, “Signal-to-Noise Ratio: A Robust Distance Metric for Deep Metric Learning”, CVPR 2019:
 *   https://arxiv.org/abs/1904.02616
 * @example
 * const distance = snr();
 * distance(tensor2d([[0, 2]]), tensor2d([[0, 2], [0, 4], [2, 0]])).arraySync(); // [[0, 1, 4]]
 */
export function snr(options: NormalizeOptions = {}): Distance {
  const squared = squaredEuclidean();
  const distance = defineDistance('snr', (a, b) => {
    const signal = centre(a); // [n, d]
    const noise = div(squared(signal, a === b ? signal : centre(b)), a.shape[1]); // [n, m]
    return div(noise, maximum(mean(square(signal), 1, true), LEAST)) as Tensor2D;
  });
  return normalized(distance, options);
}

/** Rows less their mean. */
function centre(x: Tensor2D): Tensor2D {
  return sub(x, mean(x, 1, true)) as Tensor2D;
}
