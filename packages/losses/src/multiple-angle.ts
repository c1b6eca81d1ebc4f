import { l2Normalize } from '@simile/core';
import {
  add,
  matMul,
  mul,
  step,
  sub,
  sum,
  zerosLike,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';

/**
 * `ψ(θ) = (−1)^k cos(mθ) − 2k` for θ from kπ/m to (k + 1)π/m, which falls from 1 to 1 − 2m as θ goes from 0 to π; `[n] → [n]`
 * from cosines. cos(mθ) is the Chebyshev polynomial T_m(cos θ): no arc cosine, and so no gradient without bound at 0 and π.
 */
export function multipleAngle(cosine: Tensor1D, margin: number): Tensor1D {
  let [before, now]: [Tensor, Tensor] = [add(zerosLike(cosine), 1), cosine]; // T_0, T_1
  let sign: Tensor = add(zerosLike(cosine), 1);
  let turns: Tensor = zerosLike(cosine); // k
  for (let j = 1; j < margin; j++) {
    [before, now] = [now, sub(mul(mul(cosine, now), 2), before)];
    const passed = step(sub(Math.cos((j * Math.PI) / margin), cosine)); // 1 where θ > jπ/m
    turns = add(turns, passed);
    sign = mul(sign, sub(1, mul(passed, 2)));
  }
  return sub(mul(sign, now), mul(turns, 2)) as Tensor1D;
}

/** Cosines `[n]` of rows `[n, d]` to the weight of their class; 0 for a row without a class or a direction. */
export function ownCosine(embeddings: Tensor2D, weights: Tensor2D, own: Tensor2D): Tensor1D {
  return sum(mul(l2Normalize(embeddings), matMul(own, l2Normalize(weights))), 1) as Tensor1D;
}
