import { asColumn, maskedArgMax, pointers, rowHasAny, withoutGradient, type PairMasks } from '@simile/core';
import {
  add,
  argMin,
  cast,
  customGrad,
  expandDims,
  matMul,
  max,
  mul,
  reshape,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from '@simile/core/ops';
import { blocksOfRows, sumOverBlocks, type Part } from './blocks-of-rows.ts';
import { smaller } from './smaller.ts';

/** Farther than any distance that counts, and still a float32 beside one. */
const FAR = 1e38;

/**
 * Distances `[n, m, 1]` of the triplets of every positive pair with its semi-hard negative: the nearest that is farther than the
 * positive, or where none is, the farthest of all. Given `within`, the negative's distance to the positive replaces that to the anchor
 * where it is smaller. The choice is outside the gradient; in blocks of 16 MB, forward and backward.
 */
export function semiHardOfAll(
  d: Tensor2D,
  { positive, negative }: PairMasks,
  within: Tensor2D | undefined,
): { positive: Tensor; negative: Tensor; valid: Tensor } {
  const columns = withoutGradient(d, (values) => semiHardColumns(values, negative)); // [n, m]
  const toAnchor = entriesOf(d, columns, 'anchor'); // [n, m]
  const away = within ? smaller(toAnchor, entriesOf(within, columns, 'positive')) : toAnchor;
  return {
    positive: expandDims(d, 2),
    negative: expandDims(away, 2),
    valid: expandDims(mul(positive, asColumn(rowHasAny(negative))), 2),
  };
}

/** Column of the negative of anchor a and positive p, for every a and p. */
function semiHardColumns(d: Tensor2D, negative: Tensor2D): Tensor2D {
  const [n, m] = d.shape;
  const farthest = asColumn(cast(maskedArgMax(d, negative), 'float32')); // [n, 1]
  return blocksOfRows(n, m * m, (part) => {
    const rows = part(d);
    const candidates = expandDims(rows, 1); // [rows, 1, m]
    const beyond = mul(step(sub(candidates, expandDims(rows, 2))), expandDims(part(negative), 1)); // [rows, m, m]
    const distances = add(mul(beyond, candidates), mul(sub(1, beyond), FAR));
    const nearest = cast(argMin(distances, 2), 'float32'); // [rows, m]
    const found = max(beyond, 2);
    return add(mul(found, nearest), mul(sub(1, found), part(farthest)));
  }) as Tensor2D;
}

/** `x[a, c_ap]`, or `x[p, c_ap]`, for every anchor a and positive p: `[…, m], [n, m] → [n, m]`. */
function entriesOf(x: Tensor2D, columns: Tensor2D, of: 'anchor' | 'positive'): Tensor2D {
  const [n, m] = columns.shape;
  const chosen = (part: Part, places: Tensor2D): Tensor => pointers(part(places), m); // [rows, m, m]
  const formula = (...inputs: unknown[]): { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor } => {
    const [values, save] = inputs as [Tensor2D, (tensors: Tensor[]) => void];
    save([columns]);
    return {
      value: blocksOfRows(n, m * m, (part) => {
        const rows = of === 'anchor' ? expandDims(part(values), 1) : expandDims(values, 0);
        return sum(mul(chosen(part, columns), rows), 2);
      }),
      gradFunc: (dy, [places]) => {
        const pull = dy as Tensor2D;
        if (of === 'positive') {
          return sumOverBlocks(n, m * m, (part) =>
            sum(mul(chosen(part, places as Tensor2D), expandDims(part(pull), 2)), 0),
          );
        }
        return blocksOfRows(n, m * m, (part) =>
          reshape(matMul(expandDims(part(pull), 1), chosen(part, places as Tensor2D)), [-1, m]),
        );
      },
    };
  };
  return customGrad(formula as Parameters<typeof customGrad>[0])(x) as Tensor2D;
}
