import { stopGradient, withoutGradient } from '@simile/core';
import { add, cast, div, equal, exp, log, max, mean, min, mul, scalar, sub, sum, type Tensor } from '@simile/core/ops';

/** Below this, p counts as 0: the geometric mean, which is the limit. */
const NEARLY_ZERO = 1e-5;

/**
 * Generalised mean over `axes`, which stay with size 1. Values are moved so that the least of each mean is 1, which
 * allows any p, and back afterwards. `p` is a number, ±Infinity included, or a scalar to be trained, not near 0.
 */
export function generalizedMean(x: Tensor, p: number | Tensor, axes: number[]): Tensor {
  if (p === Infinity) return extreme(x, axes, max);
  const least = extreme(x, axes, min);
  if (p === -Infinity) return least;
  const logarithm = log(add(sub(x, least), 1)); // 0 or more
  const pooled =
    typeof p === 'number' && Math.abs(p) < NEARLY_ZERO
      ? exp(mean(logarithm, axes, true))
      : powerMean(logarithm, typeof p === 'number' ? scalar(p) : p, axes);
  return sub(add(pooled, least), 1);
}

/** (mean yᵖ)^(1/p) from log y; the largest power is taken out, so none overflows. */
function powerMean(logarithm: Tensor, p: Tensor, axes: number[]): Tensor {
  const power = mul(logarithm, p);
  const most = stopGradient(max(power, axes, true));
  return exp(div(add(log(mean(exp(sub(power, most)), axes, true)), most), p));
}

/** Largest or smallest entry; entries that share it share its gradient, which `max` and `min` give each in full. */
function extreme(x: Tensor, axes: number[], choose: typeof max | typeof min): Tensor {
  const shares = withoutGradient(x, (values: Tensor): Tensor => {
    const chosen = cast(equal(values, choose(values, axes, true)), 'float32');
    return div(chosen, sum(chosen, axes, true));
  });
  return sum(mul(x, shares), axes, true);
}
