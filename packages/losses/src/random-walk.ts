import { add, customGrad, eye, matMul, mul, type Tensor, type Tensor2D } from '@simile/core/ops';

/** What may be missing of the sum over walks, as a share. */
const PRECISION = 1e-8;

/**
 * Where a random walk ends that stops after each step with chance 1 − alpha: `(1 − α) Σ_t α^t P^t = (1 − α)(I − α P)⁻¹`, of steps
 * `[n, n]` whose eigenvalues are within 1. The sum doubles its length with each factor of `Π_k (I + (α P)^(2^k))`, so that no matrix
 * need be inverted; the gradient is that of the inverse.
 *
 * Cost: O(n³) time, two products of matrices for each doubling: 7 of them at α = 0.8.
 */
export function randomWalk(steps: Tensor2D, alpha: number): Tensor2D {
  const n = steps.shape[0];
  const doublings = Math.max(1, Math.ceil(Math.log2(Math.log(PRECISION) / Math.log(alpha))));
  const formula = (...inputs: unknown[]): { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor } => {
    const [transition, save] = inputs as [Tensor2D, (tensors: Tensor[]) => void];
    let power: Tensor2D = mul(transition, alpha);
    let total = add(eye(n), power) as Tensor2D;
    for (let k = 1; k < doublings; k++) {
      power = matMul(power, power);
      total = add(total, matMul(total, power));
    }
    save([total]);
    return {
      value: mul(total, 1 - alpha),
      gradFunc: (dy, [inverse]) => {
        const walked = inverse as Tensor2D;
        return mul(matMul(matMul(walked, dy as Tensor2D, true, false), walked, false, true), alpha * (1 - alpha));
      },
    };
  };
  return customGrad(formula as Parameters<typeof customGrad>[0])(steps) as Tensor2D;
}
