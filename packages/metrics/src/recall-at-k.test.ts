import { describe, expect, it } from 'vitest';
import { recallAtK } from './recall-at-k.ts';

/** Eight queries, three neighbours each: the inventory's evaluation fixture. */
const fixture = {
  labels: [0, 1, 2, 0, 2, 0, 1, 2],
  neighborLabels: [0, 0, 1, 1, 0, 0, 2, 1, 1, 2, 2, 0, 2, 1, 0, 1, 0, 0, 0, 1, 1, 2, 1, 2],
};

describe('recall at k', () => {
  it('is the share of queries with a hit', () => {
    expect(recallAtK(fixture, 1)).toBe(5 / 8);
    expect(recallAtK(fixture, 2)).toBe(7 / 8);
    // classes 0, 1, 2 have 3, 2, 3 queries, of which 2, 2, 3 hit
    expect(recallAtK(fixture, 2, { average: 'macro' })).toBeCloseTo((2 / 3 + 1 + 1) / 3, 12);
  });

  it('passes ranks over when told so', () => {
    expect(recallAtK(fixture, 2, { skip: 1 })).toBe(5 / 8);
  });

  it('holds neighbours beyond the radius for wrong', () => {
    const neighbors = { labels: [1, 1], neighborLabels: [1, 1], neighborDistances: [0.5, 2] };
    expect(recallAtK(neighbors, 1, { radius: 0.5 })).toBe(0.5);
  });

  it('is NaN without queries', () => {
    expect(recallAtK({ labels: [], neighborLabels: [] }, 1)).toBeNaN();
  });

  it('refuses what it cannot mean', () => {
    expect(() => recallAtK(fixture, 4)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: recall-at-k: k must be at most the 3 ranks that each query has, but got 4. Ask for more neighbours, or a smaller k. [ERR_OPTION]]`,
    );
    expect(() => recallAtK(fixture, 0)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: recall-at-k: k must be a whole number of at least 1, but got 0. Leave k out to use the default. [ERR_OPTION]]`,
    );
    expect(() => recallAtK(fixture, 3, { skip: 1 })).toThrow('ERR_OPTION');
    expect(() => recallAtK({ ...fixture, labels: [1, 2, 3, 4, 5] }, 1)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: recall-at-k: neighborLabels must have a multiple of 5 values, one list a query, but got 24. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
    );
    expect(() => recallAtK(fixture, 1, { radius: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: recall-at-k: radius needs neighborDistances, one a neighbour, but got 'none'. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
    );
    expect(() => recallAtK(fixture, 1, { radius: NaN })).toThrow('ERR_OPTION');
    expect(() => recallAtK(fixture, 1, { average: 'mean' as 'micro' })).toThrow('ERR_OPTION');
  });
});
