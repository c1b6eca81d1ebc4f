import { add, concat, dispose, slice, tidy, type Tensor } from '@simile/core/ops';

/** Numbers in one block: 16 MB of float32. A few such blocks live at once. */
const BLOCK = 2 ** 22;

/** Whether so many numbers are a block at most. */
export function fitsBlock(count: number): boolean {
  return count <= BLOCK;
}

/** The rows of a tensor that belong to a block: `[n, …] → [rows, …]`. */
export type Part = <T extends Tensor>(of: T) => T;

/**
 * `compute` for as many of `n` rows at a time as make a block of 16 MB (or one, where a row takes more), the results below each
 * other. What would be a tensor of `n · numbersOfRow` never exists as a whole.
 */
export function blocksOfRows(n: number, numbersOfRow: number, compute: (part: Part) => Tensor): Tensor {
  const results = [...blocks(n, numbersOfRow, compute)];
  return results.length === 1 ? results[0]! : concat(results, 0);
}

/** The same, the results added up. */
export function sumOverBlocks(n: number, numbersOfRow: number, compute: (part: Part) => Tensor): Tensor {
  let total: Tensor | undefined;
  for (const result of blocks(n, numbersOfRow, compute)) {
    const before = total;
    total = before ? add(before, result) : result;
    if (before) dispose([before, result]);
  }
  return total!;
}

function* blocks(n: number, numbersOfRow: number, compute: (part: Part) => Tensor): Generator<Tensor> {
  const step = Math.max(1, Math.floor(BLOCK / numbersOfRow));
  for (let begin = 0; begin < n; begin += step) {
    const count = Math.min(step, n - begin);
    const part: Part = (of) =>
      slice(of, [begin, ...of.shape.slice(1).map(() => 0)], [count, ...of.shape.slice(1)]) as typeof of;
    yield tidy(() => compute(part));
  }
}
