import { describe, expect, it } from 'vitest';
import { mapAtR } from './map-at-r.ts';
import { rPrecision } from './r-precision.ts';

/** Eight queries, three neighbours each: the inventory's evaluation fixture. */
const fixture = {
  labels: [0, 1, 2, 0, 2, 0, 1, 2],
  neighborLabels: [0, 0, 1, 1, 0, 0, 2, 1, 1, 2, 2, 0, 2, 1, 0, 1, 0, 0, 0, 1, 1, 2, 1, 2],
};

describe('R-precision and MAP at R', () => {
  it('look at the first R ranks', () => {
    // query 0: right at ranks 1 and 2 of R = 2; query 1: right at rank 1 of R = 3; query 2 has no relevant row
    const neighbors = { labels: [0, 1, 2], neighborLabels: [0, 0, 1, 1, 0, 0, 2, 2, 2] };
    expect(rPrecision(neighbors, [2, 3, 0])).toBeCloseTo((1 + 1 / 3) / 2, 12);
    expect(mapAtR(neighbors, [2, 3, 0])).toBeCloseTo((1 + 1 / 3) / 2, 12);
    const late = { labels: [0], neighborLabels: [1, 0, 0] };
    expect(mapAtR(late, [3])).toBeCloseTo((1 / 2 + 2 / 3) / 3, 12);
    expect(rPrecision(late, [3])).toBeCloseTo(2 / 3, 12);
  });

  it('need one count a query', () => {
    expect(() => mapAtR(fixture, [1])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: map-at-r: relevant must have 8 counts, one a query, but got 1. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
    );
    expect(() => rPrecision(fixture, [1])).toThrow('ERR_SHAPE');
    expect(mapAtR({ labels: [0], neighborLabels: [0] }, [0])).toBeNaN();
  });
});
