import {
  add,
  concat,
  customGrad,
  expandDims,
  matMul,
  reshape,
  slice,
  sub,
  tidy,
  transpose,
  type Tensor,
  type Tensor2D,
} from '@simile/core/ops';

/** Numbers in one block of differences: 16 MB of float32. Two or three such blocks live at once. */
const BLOCK = 2 ** 22;

/** What becomes of the differences of two rows: one number that does not depend on their sign, and its derivative. */
export interface OfDifferences {
  /** `[r, m, d] → [r, m]` */
  readonly value: (difference: Tensor) => Tensor;
  /** `[r, m, d] → [r, m, d]`, of the value by each difference. */
  readonly slope: (difference: Tensor) => Tensor;
}

/**
 * `value(a_i − b_j)` for every pair of rows: `[n, d], [m, d] → [n, m]`. It subtracts before anything else, so that close rows keep
 * all their digits, and equal rows give exactly `value(0)` and a gradient of exactly `slope(0)`.
 *
 * Cost: O(n·m·d) time. Memory: a few blocks of 16 MB (or of one row against all of `b`, where that is more), forward and
 * backward: the gradient computes the differences again and keeps only `a` and `b`.
 */
export function reduceDifferences(a: Tensor2D, b: Tensor2D, { value, slope }: OfDifferences): Tensor2D {
  const formula = (...inputs: unknown[]): { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor[] } => {
    const save = inputs.at(-1) as (tensors: Tensor[]) => void;
    const rows = inputs.slice(0, -1) as Tensor2D[];
    save(rows);
    return {
      value: overBlocks(rows[0]!, rows.at(-1)!, (difference) => value(difference)),
      gradFunc: (dy, saved) => {
        const weights = dy as Tensor2D;
        const [left, right] = saved as [Tensor2D, Tensor2D?];
        // Among the rows of one matrix, each pair pulls from both its places at once.
        if (!right) return [pull(add(weights, transpose(weights)) as Tensor2D, left, left, slope)];
        return [pull(weights, left, right, slope), pull(transpose(weights), right, left, slope)];
      },
    };
  };
  return customGrad(formula as Parameters<typeof customGrad>[0])(...(a === b ? [a] : [a, b])) as Tensor2D;
}

/** `Σ_j weights_ij · slope(a_i − b_j)`: `[n, m], [n, d], [m, d] → [n, d]`. */
function pull(weights: Tensor2D, a: Tensor2D, b: Tensor2D, slope: OfDifferences['slope']): Tensor2D {
  const [m, d] = b.shape;
  return overBlocks(a, b, (difference, begin, rows) => {
    const weightsOfRows = reshape(slice(weights, [begin, 0], [rows, m]), [rows, 1, m]);
    return reshape(matMul(weightsOfRows, slope(difference)), [rows, d]);
  });
}

/** `block(a_i − b_j)`, `[rows, m, d]`, for as many rows of `a` at a time as fit; the results below each other. */
function overBlocks(
  a: Tensor2D,
  b: Tensor2D,
  block: (difference: Tensor, begin: number, rows: number) => Tensor,
): Tensor2D {
  const [n, d] = a.shape;
  const step = Math.max(1, Math.floor(BLOCK / (b.shape[0] * d)));
  const results: Tensor2D[] = [];
  for (let begin = 0; begin < n; begin += step) {
    const rows = Math.min(step, n - begin);
    const difference = (): Tensor => sub(expandDims(slice(a, [begin, 0], [rows, d]), 1), expandDims(b, 0));
    results.push(tidy(() => block(difference(), begin, rows)) as Tensor2D);
  }
  return results.length === 1 ? results[0]! : concat(results, 0);
}
