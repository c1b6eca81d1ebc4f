import type { Scalar, Tensor, Tensor1D } from './ops.ts';
import { div, maximum, mean, mul, relu, scalar, step, sum, tidy } from './ops.ts';

/** Mean over the elements that took part; 0 when none did. */
export function meanOfValid(costs: Tensor1D, valid: Tensor1D): Scalar {
  return reduce(costs, () => div(sum(mul(costs, valid)), maximum(sum(valid), 1)));
}

/** Mean over all elements, those that took no part counted as 0: what TensorFlow Similarity does. 0 for no elements. */
export function meanOfAll(costs: Tensor1D, valid: Tensor1D): Scalar {
  return reduce(costs, () => mean(mul(costs, valid)));
}

/** Sum over the elements that took part; 0 when none did. */
export function sumOfValid(costs: Tensor1D, valid: Tensor1D): Scalar {
  return reduce(costs, () => sum(mul(costs, valid)));
}

/** Mean over the elements above 0; 0 when none is. Elements already at 0 do not thin the gradient of the others out. */
export function meanOfPositive(costs: Tensor1D, valid: Tensor1D): Scalar {
  return reduce(costs, () => {
    const positive = relu(mul(costs, valid));
    return div(sum(positive), maximum(sum(step(positive)), 1));
  });
}

/** Nothing reduces to 0 here, by itself: the sum of an empty tensor is whatever lay in memory on stock wasm. */
function reduce(costs: Tensor1D, compute: () => Tensor): Scalar {
  return costs.size === 0 ? scalar(0) : tidy(() => compute() as Scalar);
}
