import {
  customGrad,
  exp,
  expandDims,
  log,
  max,
  mul,
  squeeze,
  sub,
  sum,
  add,
  type Tensor,
  type Tensor2D,
} from '@simile/core/ops';
import { blocksOfRows, sumOverBlocks, type Part } from './blocks-of-rows.ts';

/**
 * `log Σ_k e^(a_ik + b_jk)` for every row i of one matrix and j of another, exact for numbers of any size: `[n, k], [m, k] → [n, m]`.
 *
 * Cost: O(n·m·k) time; a few blocks of 16 MB (or of one row, m·k, where that is more), forward and backward.
 */
export function logSumExpOfSums(a: Tensor2D, b: Tensor2D): Tensor2D {
  const [n, k] = a.shape;
  const numbersOfRow = b.shape[0] * k;
  const sums = (part: Part, rows: Tensor, others: Tensor): Tensor =>
    add(expandDims(part(rows), 1), expandDims(others, 0)); // [rows, m, k]
  const formula = (...inputs: unknown[]): { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor[] } => {
    const [rows, others, save] = inputs as [Tensor2D, Tensor2D, (tensors: Tensor[]) => void];
    const value = blocksOfRows(n, numbersOfRow, (part) => {
      const exponents = sums(part, rows, others);
      const top = max(exponents, 2, true);
      return add(log(sum(exp(sub(exponents, top)), 2)), squeeze(top, [2]));
    });
    save([rows, others, value]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [left, right, total] = saved as [Tensor2D, Tensor2D, Tensor2D];
        const shares = (part: Part): Tensor =>
          mul(exp(sub(sums(part, left, right), expandDims(part(total), 2))), expandDims(part(dy), 2));
        return [
          blocksOfRows(n, numbersOfRow, (part) => sum(shares(part), 1)),
          sumOverBlocks(n, numbersOfRow, (part) => sum(shares(part), 0)),
        ];
      },
    };
  };
  return customGrad(formula as Parameters<typeof customGrad>[0])(a, b) as Tensor2D;
}
