import type { CostSource } from './contract.ts';
import { SimileError } from './errors.ts';
import { pointers } from './numerics.ts';
import { matMul, mul, reshape, sum, tensor1d, type Tensor, type Tensor1D, type Tensor2D } from './ops.ts';

/** Goes from costs `[k]` to the rows they are of, and back. */
export interface CostRows {
  readonly labels: CostSource['labels'];
  readonly rows: number;
  /** Sum of the values of each row: `[k] → [rows]`. */
  readonly total: (values: Tensor1D) => Tensor1D;
  /** Each value times that of its row: `[k], [rows] → [k]`. */
  readonly scale: (values: Tensor1D, ofRows: Tensor1D) => Tensor1D;
}

/** @throws `ERR_OPTION` where the loss does not say whose its costs are */
export function costRows(where: string, costs: Tensor1D, source: CostSource | undefined): CostRows {
  const { labels, rows, anchors } = source ?? {};
  const listed = anchors ? anchors.length === costs.size : costs.size % (rows ?? 0) === 0;
  if (!labels || !rows || !listed) {
    throw new SimileError({
      where,
      rule: 'the loss must say whose its costs are, in the third argument of reduce',
      got: source ? `${costs.size} costs for ${anchors?.length ?? `${rows} rows`}` : undefined,
      remedy:
        'Use meanOfValid or another reducer that does not ask, or pass { labels, rows } where you wrote the loss.',
      code: 'ERR_OPTION',
    });
  }
  const flat = (x: Tensor): Tensor1D => reshape(x, [-1]) as Tensor1D;
  if (!anchors) {
    const byRow = (values: Tensor1D): Tensor2D => reshape(values, [rows, -1]) as Tensor2D;
    return {
      labels,
      rows,
      total: (values) => sum(byRow(values), 1) as Tensor1D,
      scale: (values, ofRows) => flat(mul(byRow(values), reshape(ofRows, [rows, 1]))),
    };
  }
  const own = pointers(tensor1d(anchors, 'int32'), rows) as Tensor2D; // [k, rows]
  return {
    labels,
    rows,
    total: (values) => flat(matMul(reshape(values, [1, -1]) as Tensor2D, own)),
    scale: (values, ofRows) => mul(values, flat(matMul(own, reshape(ofRows, [rows, 1]) as Tensor2D))),
  };
}
