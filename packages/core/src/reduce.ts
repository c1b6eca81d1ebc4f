import type { Scalar, Tensor1D } from './ops.ts';
import { div, maximum, mean, mul, relu, scalar, step, sum, tidy } from './ops.ts';

/** Mean over the elements that took part; 0 when none did. */
export function meanOfValid(costs: Tensor1D, valid: Tensor1D): Scalar {
  return tidy(() => div(sum(mul(costs, valid)), maximum(sum(valid), 1)) as Scalar);
}

/** Mean over all elements, those that took no part counted as 0: what TensorFlow Similarity does. */
export function meanOfAll(costs: Tensor1D, valid: Tensor1D): Scalar {
  return tidy(() => (costs.size === 0 ? scalar(0) : (mean(mul(costs, valid)) as Scalar)));
}

/** Sum over the elements that took part. */
export function sumOfValid(costs: Tensor1D, valid: Tensor1D): Scalar {
  return tidy(() => sum(mul(costs, valid)) as Scalar);
}

/** Mean over the elements above 0; 0 when none is. Elements already at 0 do not thin the gradient of the others out. */
export function meanOfPositive(costs: Tensor1D, valid: Tensor1D): Scalar {
  return tidy(() => {
    const positive = relu(mul(costs, valid));
    return div(sum(positive), maximum(sum(step(positive)), 1)) as Scalar;
  });
}
