import type { Reducer } from './contract.ts';
import { checkNotNegative } from './errors.ts';
import { mul, tidy, type Scalar } from './ops.ts';
import { sumOfValid } from './reduce.ts';

/**
 * A reducer that divides the sum of the costs by a number of yours, which does not change with the batch; 0 for a divisor of 0.
 *
 * @param divisor Finite, 0 or more.
 * @throws `ERR_OPTION` for another divisor
 * @example
 * dividedBy(4)(tensor1d([1, 2, 3]), tensor1d([1, 0, 1])); // (1 + 3) / 4 = 1
 */
export function dividedBy(divisor: number): Reducer {
  checkNotNegative('divided-by', { divisor });
  const factor = divisor === 0 ? 0 : 1 / divisor;
  return (costs, valid) => tidy(() => mul(sumOfValid(costs, valid), factor) as Scalar);
}
