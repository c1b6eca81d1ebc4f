import { safeSqrt } from '@simile/core';
import { div, mul, square, sub, add, sum, type Tensor1D, type Tensor2D } from '@simile/core/ops';

/** Cosine and sine `[n]` of the angle between each row and the weight of its class. */
export interface OwnAngle {
  readonly cosine: Tensor1D;
  readonly sine: Tensor1D;
}

/**
 * Angles between rows `[n, d]` and as many weights `[n, d]`, all of length 1. From the chords u − w and u + w, whose lengths are
 * 2 sin(θ/2) and 2 cos(θ/2): exact at 0 and π, where √(1 − cos²) has lost half its digits and its gradient has no bound.
 */
export function ownAngle(rows: Tensor2D, weights: Tensor2D): OwnAngle {
  const apart = sum(square(sub(rows, weights)), 1); // 4 sin²(θ/2)
  const together = sum(square(add(rows, weights)), 1); // 4 cos²(θ/2)
  return {
    cosine: div(sub(together, apart), 4) as Tensor1D,
    sine: div(mul(safeSqrt(apart), safeSqrt(together)), 2) as Tensor1D,
  };
}
