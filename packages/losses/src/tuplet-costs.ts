import { asColumn, maskedLogSumExp, rowHasAny, type PairMasks } from '@simile/core';
import { mul, reshape, softplus, sub, type Tensor1D, type Tensor2D } from '@simile/core/ops';

/**
 * Costs `[n·m]` of every positive pair against all the negatives of its row, `log(1 + Σ_n e^(s_in − s_ip))`, and which of the
 * pairs are there. In O(n·m), for the sum does not hang on the positive. `ofPositives` is what stands for s where a pair is positive.
 */
export function tupletCosts(
  similarity: Tensor2D,
  { positive, negative }: PairMasks,
  ofPositives: Tensor2D = similarity,
): [Tensor1D, Tensor1D] {
  const others = asColumn(maskedLogSumExp(similarity, negative)); // [n, 1]
  const costs = mul(softplus(sub(others, ofPositives)), asColumn(rowHasAny(negative))); // [n, m]
  return [reshape(costs, [-1]) as Tensor1D, reshape(positive, [-1]) as Tensor1D];
}
