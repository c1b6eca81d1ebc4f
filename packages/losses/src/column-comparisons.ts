import {
  customGrad,
  expandDims,
  matMul,
  mul,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@simile/core/ops';
import { blocksOfRows, fitsBlock } from './blocks-of-rows.ts';

/** What is summed over comparisons: an elementwise function of a difference, and its derivative, from the difference or the value. */
export interface Comparison {
  readonly value: (difference: Tensor) => Tensor;
  readonly slope: (at: { readonly difference: () => Tensor; readonly value: () => Tensor }) => Tensor;
}

/**
 * `Σ_k w_irk f(x_ij − x_ik)`, each column j of a row against all columns k, for several sets r of weights, which are constants:
 * `[n, m], [n, r, m] → [n, r, m]`.
 *
 * Cost: O(n·m²) time. Memory: a few blocks of 16 MB (or of one row, m², where that is more), forward and backward: the gradient
 * compares again, unless all comparisons fit one block, which is then kept.
 */
export function columnComparisons(x: Tensor2D, weights: Tensor3D, { value, slope }: Comparison): Tensor3D {
  const [n, m] = x.shape;
  const kept = fitsBlock(n * m * m);
  const formula = (...inputs: unknown[]): { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor } => {
    const [columns, save] = inputs as [Tensor2D, (tensors: Tensor[]) => void];
    const whole = kept ? [value(differences(columns))] : []; // [n, m, m]
    save([columns, weights, ...whole]);
    return {
      value: blocksOfRows(n, m * m, (part) =>
        matMul(part(weights), whole[0] ?? value(differences(part(columns))), false, true),
      ),
      gradFunc: (dy, [again, constants, before]) =>
        blocksOfRows(n, m * m, (part) => {
          const difference = (): Tensor => differences(part(again as Tensor2D));
          const pull = matMul(part(dy as Tensor3D), part(constants as Tensor3D), true, false); // [rows, m, m]
          const slopes = mul(pull, slope({ difference, value: () => before ?? value(difference()) }));
          return sub(sum(slopes, 2), sum(slopes, 1));
        }),
    };
  };
  return customGrad(formula as Parameters<typeof customGrad>[0])(x) as Tensor3D;
}

/** `x_ij − x_ik`: `[rows, m] → [rows, m, m]`. */
function differences(x: Tensor2D): Tensor3D {
  return sub(expandDims(x, 2), expandDims(x, 1));
}
