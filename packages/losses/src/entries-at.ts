import {
  customGrad,
  expandDims,
  gather,
  reshape,
  scatterND,
  tensor1d,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';

/**
 * Entries of a matrix at places, row-major: `[n, m], [t] → [t]`. In O(t) time and memory both ways; an entry that is read several times
 * gets the sum of the gradients.
 */
export function entriesAt(matrix: Tensor2D, places: Int32Array): Tensor1D {
  const { shape, size } = matrix;
  const at = (): Tensor1D => tensor1d(places, 'int32');
  return customGrad((x) => ({
    value: gather(reshape(x as Tensor, [size]), at()),
    gradFunc: (dy: Tensor) => reshape(scatterND(expandDims(at(), 1), dy, [size]), shape),
  }))(matrix) as Tensor1D;
}
