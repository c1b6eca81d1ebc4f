import { defineDistance, type Distance } from '@simile/core';
import { abs, cast, div, equal, max, mul, sign, step, sum } from '@simile/core/ops';
import { normalized, type NormalizeOptions } from './normalize.ts';
import { reduceDifferences } from './reduce-differences.ts';

/**
 * Chebyshev distance between rows: the largest difference of a coordinate.
 *
 * $$ d_{ij} = \max_k |a_{ik} - b_{jk}| $$
 *
 * | tensor | shape    | dtype   | unit                            |
 * | ------ | -------- | ------- | ------------------------------- |
 * | a      | `[n, d]` | float32 | any                             |
 * | b      | `[m, d]` | float32 | that of `a`; default `a` itself |
 * | result | `[n, m]` | float32 | that of `a`; 0 or more          |
 *
 * Coordinates that share the largest difference share the gradient in equal parts; equal rows have gradient 0. Cost: O(n·m·d) time; a
 * few blocks of 16 MB beside the result.
 *
 * @throws `ERR_OPTION` for an option out of its range; the distance throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @example
 * const distance = chebyshev();
 * distance(tensor2d([[0, 0], [3, 4]])).arraySync(); // [[0, 4], [4, 0]]
 */
export function chebyshev(options: NormalizeOptions = {}): Distance {
  const distance = defineDistance('chebyshev', (a, b) =>
    reduceDifferences(a, b, {
      value: (difference) => max(abs(difference), 2),
      slope: (difference) => {
        const sizes = abs(difference);
        const largest = max(sizes, 2, true);
        const there = cast(equal(sizes, largest), 'float32'); // 1 at the largest
        return mul(mul(sign(difference), step(largest)), div(there, sum(there, 2, true)));
      },
    }),
  );
  return normalized(distance, options);
}
