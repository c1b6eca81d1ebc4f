/** How near the numbers of a check came to what was wanted. */
export interface Comparison {
  /** Numbers that were compared. */
  readonly count: number;
  /** Furthest that one was from what was wanted, in units of the largest number wanted beside it, or of 1 where that is larger. */
  readonly furthest: number;
  /** Furthest that it may be, in the same units. */
  readonly allowed: number;
}

/** Of the check that runs: there is one at a time. */
let current: Comparison | undefined;

/** Begins to note what is compared. */
export function beginComparison(): void {
  current = undefined;
}

/** Adds some numbers. Of all that a check compares, the ones nearest to their limit are kept. */
export function noteComparison({ count, furthest, allowed }: Comparison): void {
  const { count: before = 0, ...known } = current ?? { furthest, allowed };
  const worse = furthest / allowed > known.furthest / known.allowed;
  current = { count: before + count, ...(worse ? { furthest, allowed } : known) };
}

/** What was compared since it was begun; undefined where nothing was. */
export function comparison(): Comparison | undefined {
  return current;
}
