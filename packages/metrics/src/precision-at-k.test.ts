import { describe, expect, it } from 'vitest';
import { precisionAtK } from './precision-at-k.ts';

/** Eight queries, three neighbours each: the inventory's evaluation fixture. */
const fixture = {
  labels: [0, 1, 2, 0, 2, 0, 1, 2],
  neighborLabels: [0, 0, 1, 1, 0, 0, 2, 1, 1, 2, 2, 0, 2, 1, 0, 1, 0, 0, 0, 1, 1, 2, 1, 2],
};

describe('precision at k', () => {
  it('is the mean share of hits', () => {
    expect(precisionAtK(fixture, 3)).toBeCloseTo(0.5, 12); // 12 of 24
    expect(precisionAtK(fixture, 2, { skip: 1 })).toBeCloseTo(7 / 16, 12); // ranks 2 and 3 hold 7 hits
  });
});
