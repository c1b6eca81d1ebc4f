import { relu, sub, type Tensor } from '@simile/core/ops';

/** The smaller of two numbers each. Not `minimum`, whose gradient in tfjs does not broadcast. */
export function smaller(a: Tensor, b: Tensor): Tensor {
  return sub(a, relu(sub(a, b)));
}
