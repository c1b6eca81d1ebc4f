import { sum, type Tensor, type Tensor2D } from '@simile/core/ops';
import { reduceDifferences } from './reduce-differences.ts';

/** What is summed over the features: an even function of the difference of two rows, and its derivative. */
export interface Term {
  readonly value: (difference: Tensor) => Tensor;
  readonly slope: (difference: Tensor) => Tensor;
}

/** `Σ_k value(a_ik − b_jk)` for every pair of rows: `[n, d], [m, d] → [n, m]`; see {@link reduceDifferences}. */
export function sumOfDifferences(a: Tensor2D, b: Tensor2D, { value, slope }: Term): Tensor2D {
  return reduceDifferences(a, b, { value: (difference) => sum(value(difference), 2), slope });
}
