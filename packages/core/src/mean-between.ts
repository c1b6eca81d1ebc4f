import type { Reducer } from './contract.ts';
import { checkNames, SimileError } from './errors.ts';
import { withoutGradient } from './numerics.ts';
import { cast, div, greater, less, maximum, mul, scalar, sum, tidy, type Scalar, type Tensor } from './ops.ts';

const id = 'mean-between';

/** Options of {@link meanBetween}. */
export interface MeanBetweenOptions {
  /** Costs must be above this, in the unit of the loss. Default −Infinity. */
  low?: number;
  /** Costs must be below this. Default Infinity. */
  high?: number;
}

/**
 * A reducer that takes the mean of the costs strictly between two bounds, and leaves the others out: what is learned already, or
 * what looks like noise. 0 when none is between.
 *
 * @throws `ERR_OPTION` for bounds that leave nothing between them
 * @example
 * meanBetween({ low: 1 })(tensor1d([0.5, 1, 2, 4]), tensor1d([1, 1, 1, 1])); // (2 + 4) / 2 = 3
 */
export function meanBetween(options: MeanBetweenOptions): Reducer {
  const { low = -Infinity, high = Infinity } = options;
  checkNames(id, options, ['low', 'high']);
  checkBounds(low, high);
  return (costs, valid) => {
    if (costs.size === 0) return scalar(0);
    return tidy(() => {
      const inside = withoutGradient(costs, (values): Tensor => {
        const above = low === -Infinity ? valid : mul(valid, cast(greater(values, low), 'float32'));
        return high === Infinity ? mul(above, 1) : mul(above, cast(less(values, high), 'float32'));
      });
      return div(sum(mul(costs, inside)), maximum(sum(inside), 1)) as Scalar;
    });
  };
}

function checkBounds(low: number, high: number): void {
  if (low < high) return;
  throw new SimileError({
    where: id,
    rule: 'low must be a number below high',
    got: [low, high],
    remedy: 'Leave out the bound that you do not need.',
    code: 'ERR_OPTION',
  });
}
