/**
 * Gradient of a float64 function by central differences (step 1e-6 and, to see kinks, 1e-5). An entry is undefined where
 * the two disagree: there a hinge, a tie or a choice lies within the step, and no derivative is to be had.
 */
export function centralDifferences(
  f: (x: readonly (readonly number[])[]) => number,
  x: readonly (readonly number[])[],
): (number | undefined)[] {
  const rows = x.map((row) => [...row]);
  const slope = (row: number[], k: number, step: number): number => {
    const at = row[k]!;
    row[k] = at + step;
    const above = f(rows);
    row[k] = at - step;
    const below = f(rows);
    row[k] = at;
    return (above - below) / (2 * step);
  };
  return rows.flatMap((row) =>
    row.map((_, k) => {
      const fine = slope(row, k, 1e-6);
      const coarse = slope(row, k, 1e-5);
      return Math.abs(fine - coarse) <= 1e-4 * Math.max(1, Math.abs(fine)) ? fine : undefined;
    }),
  );
}
