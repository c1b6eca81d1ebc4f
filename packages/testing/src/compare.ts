import { CheckFailure } from './check.ts';
import { noteComparison } from './comparison.ts';

/**
 * Fails unless each number is near the wanted one: within `tolerance` times the largest wanted size, or times 1 where that
 * is larger. NaN equals NaN only.
 */
export function expectClose(
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  what: string,
  input: () => string,
): void {
  if (got.length !== wanted.length) {
    throw new CheckFailure(`${what} has ${got.length} numbers in place of ${wanted.length}; ${input()}`);
  }
  let scale = 1;
  for (let i = 0; i < wanted.length; i++)
    if (Number.isFinite(wanted[i]!)) scale = Math.max(scale, Math.abs(wanted[i]!));
  let worst = 0;
  let furthest = 0;
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [got[i]!, wanted[i]!];
    if (Object.is(a, b) || a === b) continue;
    const away = Number.isNaN(a - b) ? Infinity : Math.abs(a - b);
    if (away > furthest) [worst, furthest] = [i, away];
  }
  noteComparison({ count: wanted.length, furthest: furthest / scale, allowed: tolerance });
  if (furthest <= tolerance * scale) return;
  const at = wanted.length > 1 ? ` at ${worst} of ${wanted.length}` : '';
  throw new CheckFailure(`${what}${at} is ${got[worst]} in place of ${wanted[worst]}; ${input()}`);
}

/** Fails unless each number is finite. */
export function expectFinite(got: ArrayLike<number>, what: string, input: () => string): void {
  for (let i = 0; i < got.length; i++) {
    if (!Number.isFinite(got[i]!)) throw new CheckFailure(`${what} is ${got[i]} at ${i} of ${got.length}; ${input()}`);
  }
}

/** Fails unless it holds. */
export function expectThat(holds: boolean, what: string, input: () => string): void {
  if (!holds) throw new CheckFailure(`${what}; ${input()}`);
}

/**
 * Fails unless the gradient agrees with the differences that could be taken, in units of the largest of them, which may be
 * far below 1. More than half must have been smooth, or the check proves nothing.
 */
export function expectGradient(
  got: ArrayLike<number>,
  differences: readonly (number | undefined)[],
  tolerance: number,
  what: string,
  input: () => string,
): void {
  const smooth = differences.flatMap((slope, i) => (slope === undefined ? [] : [{ i, slope }]));
  expectThat(smooth.length * 2 > differences.length, `the oracle is smooth at too few numbers for ${what}`, input);
  const largest = Math.max(...smooth.map(({ slope }) => Math.abs(slope)), 1e-3);
  expectClose(
    smooth.map(({ i }) => got[i]! / largest),
    smooth.map(({ slope }) => slope / largest),
    tolerance,
    `${what}, in units of its largest number,`,
    input,
  );
}
