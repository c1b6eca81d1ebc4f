import { defineDistance, type Distance } from '@simile/core';
import { matMul, neg, type Tensor2D } from '@simile/core/ops';
import { normalized, type NormalizeOptions } from './normalize.ts';

/**
 * Inner product as a distance: negated, so that smaller is closer as everywhere. For search by largest inner product.
 *
 * $$ d_{ij} = -\sum_k a_{ik} b_{jk} $$
 *
 * | tensor | shape    | dtype   | unit                                        |
 * | ------ | -------- | ------- | ------------------------------------------- |
 * | a      | `[n, d]` | float32 | any, up to 1e18                             |
 * | b      | `[m, d]` | float32 | that of `a`; default `a` itself             |
 * | result | `[n, m]` | float32 | square of that of `a`; of either sign       |
 *
 * No metric: a row is not the closest to itself when a longer one points the same way. Cost: one matrix product.
 *
 * @throws `ERR_OPTION` for an option out of its range; the distance throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @example
 * const distance = innerProduct();
 * distance(tensor2d([[1, 2]]), tensor2d([[3, 4], [0, -1]])).arraySync(); // [[-11, 2]]
 */
export function innerProduct(options: NormalizeOptions = {}): Distance {
  const distance = defineDistance('inner-product', (a, b) => neg(matMul(a, b, false, true)) as Tensor2D);
  return normalized(distance, options);
}
