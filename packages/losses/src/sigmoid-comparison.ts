import { mul, sigmoid, sub } from '@simile/core/ops';
import type { Comparison } from './column-comparisons.ts';

/** How surely a difference is above 0, on a scale of 1. */
export const sigmoidComparison: Comparison = {
  value: sigmoid,
  slope: ({ value }) => {
    const surely = value();
    return mul(surely, sub(1, surely));
  },
};
