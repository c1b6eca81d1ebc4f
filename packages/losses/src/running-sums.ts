import { matMul, tensor2d, type Tensor2D } from '@simile/core/ops';

/** Each number of a row added to all before it: `[n, k] → [n, k]`. As a product of matrices, which every backend differentiates. */
export function runningSums(x: Tensor2D): Tensor2D {
  const k = x.shape[1];
  const upper = Float32Array.from({ length: k * k }, (_, at) => (Math.floor(at / k) <= at % k ? 1 : 0));
  return matMul(x, tensor2d(upper, [k, k]));
}
