import { defineDistance, type Distance } from '@simile/core';
import { checkNames, checkRange } from '@simile/core/errors';
import { abs, add, div, max, mul, pow, sign, squeeze, step, sub, sum, type Tensor } from '@simile/core/ops';
import { chebyshev } from './chebyshev.ts';
import { euclidean } from './euclidean.ts';
import { manhattan } from './manhattan.ts';
import { normalized, type NormalizeOptions } from './normalize.ts';
import { reduceDifferences } from './reduce-differences.ts';

const id = 'minkowski';

/** Options of {@link minkowski}. */
export interface MinkowskiOptions extends NormalizeOptions {
  /** Power, from 1 (Manhattan) over 2 (Euclidean) to 1000, or Infinity (Chebyshev). Default 3. */
  p?: number;
}

/**
 * Minkowski distance between rows.
 *
 * $$ d_{ij} = \left( \textstyle\sum_k |a_{ik} - b_{jk}|^p \right)^{1/p} $$
 *
 * | tensor | shape    | dtype   | unit                            |
 * | ------ | -------- | ------- | ------------------------------- |
 * | a      | `[n, d]` | float32 | any                             |
 * | b      | `[m, d]` | float32 | that of `a`; default `a` itself |
 * | result | `[n, m]` | float32 | that of `a`; 0 or more          |
 *
 * Differences are taken in units of the largest, so no power of them overflows or vanishes. Equal rows are at distance 0 exactly,
 * with gradient 0. Its metric is `minkowski-3` for p 3 and so on; `manhattan`, `euclidean` and `chebyshev` where it is one of these.
 * Cost: O(n·m·d) time, with two powers a number; a few blocks of 16 MB beside the result.
 *
 * @throws `ERR_OPTION` for a power out of its range; the distance throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @example
 * const distance = minkowski({ p: 3 });
 * distance(tensor2d([[0, 0], [1, 2]])).arraySync(); // [[0, ∛9], [∛9, 0]], ∛9 ≈ 2.0801
 */
export function minkowski(options: MinkowskiOptions = {}): Distance {
  const { p = 3, ...others } = options;
  checkNames(id, options, ['p', 'normalize']);
  if (p !== Infinity) checkRange(id, { p }, 1, 1000);
  return normalized(named(p), others);
}

function named(p: number): Distance {
  const special = { 1: manhattan, 2: euclidean, [Infinity]: chebyshev }[p];
  if (special) return defineDistance(id, special(), special().metric);
  return defineDistance(
    id,
    (a, b) =>
      reduceDifferences(a, b, {
        value: (difference) => squeeze(norm(difference, p), [2]),
        slope: (difference) => {
          const share = div(abs(difference), orOne(norm(difference, p))); // 0 to 1
          return mul(sign(difference), pow(share, p - 1));
        },
      }),
    `${id}-${p}`,
  );
}

/** `[r, m, d] → [r, m, 1]` */
function norm(difference: Tensor, p: number): Tensor {
  const sizes = abs(difference);
  const largest = max(sizes, 2, true);
  return mul(largest, pow(sum(pow(div(sizes, orOne(largest)), p), 2, true), 1 / p));
}

/** Where there is nothing to divide, 1 to divide by. */
function orOne(x: Tensor): Tensor {
  return add(x, sub(1, step(x)));
}
