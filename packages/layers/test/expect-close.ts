import { expect } from 'vitest';

/** |got − wanted| ≤ abs + rel·|wanted| for each number. */
export function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, rel: number, abs: number): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    expect(Math.abs(got[i]! - wanted[i]!), `at ${i}`).toBeLessThanOrEqual(abs + rel * Math.abs(wanted[i]!));
  }
}
