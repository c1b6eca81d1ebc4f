import { asColumn } from '@simile/core';
import { add, mul, step, sub, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { ownAngle } from './own-angle.ts';

/**
 * Logits of ArcFace: `scale` times the cosines `[n, classes]`, that of the own class at an angle larger by `margin`. Where the
 * sum would pass π, and its cosine would rise again, `cos θ − m sin m` stands in for it, as in the authors' code.
 *
 * @param rows Rows of length 1, `[n, d]`.
 * @param ownWeights The weight of each row's class, of length 1, `[n, d]`.
 */
export function additiveAngle(
  { cosines, own, rows, ownWeights }: { cosines: Tensor2D; own: Tensor2D; rows: Tensor2D; ownWeights: Tensor2D },
  { margin, scale }: { margin: number; scale: number },
): Tensor2D {
  const { cosine, sine } = ownAngle(rows, ownWeights); // [n]
  const farther = sub(mul(cosine, Math.cos(margin)), mul(sine, Math.sin(margin))); // cos(θ + m)
  const beyond = sub(cosine, margin * Math.sin(margin));
  const within = step(add(cosine, Math.cos(margin))); // 1 where θ < π − m
  const target = add(mul(within, farther), mul(sub(1, within), beyond)) as Tensor1D;
  return mul(add(mul(sub(1, own), cosines), mul(own, asColumn(target))), scale) as Tensor2D;
}
