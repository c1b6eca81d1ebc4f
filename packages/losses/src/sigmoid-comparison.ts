import { mul, sigmoid, sub, type Tensor } from '@simile/core/ops';
import type { Comparison } from './column-comparisons.ts';

/** How surely a difference is above 0, on a scale of 1. */
export const sigmoidComparison: Comparison = {
  value: sigmoid,
  slope: (difference) => {
    const surely: Tensor = sigmoid(difference);
    return mul(surely, sub(1, surely));
  },
};
