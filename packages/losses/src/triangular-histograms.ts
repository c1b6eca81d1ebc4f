import {
  abs,
  customGrad,
  expandDims,
  floor,
  matMul,
  mul,
  range,
  relu,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@simile/core/ops';
import { blocksOfRows } from './blocks-of-rows.ts';

/**
 * Weighted histograms of each row, whose bins are triangles around 0, 1, …, `nodes` − 1: a number gives its weight to the two
 * nodes that it lies between, more to the nearer. `[n, m], [n, r, m] → [n, r, nodes]`, for several sets r of weights, which are
 * constants. Numbers must be
 * from 0 to `nodes` − 1; on a node the gradient is that towards the next.
 *
 * Cost: O(n·m·nodes) time; a few blocks of 16 MB, forward and backward.
 */
export function triangularHistograms(x: Tensor2D, weights: Tensor3D, nodes: number): Tensor3D {
  const [n, m] = x.shape;
  const formula = (...inputs: unknown[]): { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor } => {
    const [values, save] = inputs as [Tensor2D, (tensors: Tensor[]) => void];
    save([values, weights]);
    return {
      value: blocksOfRows(n, m * nodes, (part) => matMul(part(weights), triangles(part(values), nodes))),
      gradFunc: (dy, [again, constants]) => {
        // A number between two nodes takes from the lower what it gives to the upper.
        const gain = sub(slice(dy, [0, 0, 1], [-1, -1, nodes - 1]), slice(dy, [0, 0, 0], [-1, -1, nodes - 1]));
        return blocksOfRows(n, m * nodes, (part) => {
          const between = triangles(floor(part(again as Tensor2D)), nodes - 1); // 1 at the lower of its two nodes
          return sum(mul(matMul(part(gain as Tensor3D), between, false, true), part(constants as Tensor3D)), 1);
        });
      },
    };
  };
  return customGrad(formula as Parameters<typeof customGrad>[0])(x) as Tensor3D;
}

/** How much of each number belongs to each node: `[rows, m] → [rows, m, nodes]`. */
function triangles(x: Tensor2D, nodes: number): Tensor3D {
  return relu(sub(1, abs(sub(expandDims(x, 2), range(0, nodes, 1, 'float32'))))) as Tensor3D;
}
