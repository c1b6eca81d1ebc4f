import { safeSqrt } from '@simile/core';
import { add, concat, customGrad, div, maximum, mul, scalar, slice, square, sub, sum, tidy } from '@simile/core/ops';
import type { Tensor, Tensor3D } from '@simile/core/ops';

/**
 * Sum of the distances between the centers `[classes, K, d]` of each class, every pair once. From differences, which stay
 * exact for centers that have nearly met; those that have met pull no more. O(classes·K²·d) time, O(classes·K·d) memory.
 */
export function centerDistances(centers: Tensor3D): Tensor {
  const formula = (...inputs: unknown[]): { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor } => {
    const [c, save] = inputs as [Tensor3D, (tensors: Tensor[]) => void];
    save([c]);
    return {
      // Each pair is met twice, once from either side.
      value: mul(
        overShifts(c, scalar(0), (_, length) => sum(length)),
        0.5,
      ),
      gradFunc: (dy, [saved]) => {
        const at = saved as Tensor3D;
        const start = mul(at, 0);
        return mul(
          overShifts(at, start, (difference, length) => div(difference, maximum(length, 1e-12))),
          dy,
        );
      },
    };
  };
  return customGrad(formula as Parameters<typeof customGrad>[0])(centers);
}

/** Adds up `part` over every center against the one that comes `shift` places later, round its class. */
function overShifts(centers: Tensor3D, start: Tensor, part: (difference: Tensor, length: Tensor) => Tensor): Tensor {
  const count = centers.shape[1];
  let total = start;
  for (let shift = 1; shift < count; shift++) {
    total = tidy(() => {
      const later = concat(
        [slice(centers, [0, shift, 0], [-1, count - shift, -1]), slice(centers, 0, [-1, shift, -1])],
        1,
      );
      const difference = sub(centers, later); // [classes, K, d]
      return add(total, part(difference, safeSqrt(sum(square(difference), 2, true))));
    });
  }
  return total;
}
