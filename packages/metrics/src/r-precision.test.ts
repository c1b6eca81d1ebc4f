import { expect, it } from 'vitest';
import { rPrecision } from './r-precision.ts';

it('averages over classes when told so, and counts ranks past the list as wrong', () => {
  // class 0: 1/2 and 1; class 1: 1 of 4, the list ends after two
  const neighbors = { labels: [0, 0, 1], neighborLabels: [0, 1, 0, 0, 1, 0] };
  expect(rPrecision(neighbors, [2, 2, 4], { average: 'macro' })).toBeCloseTo((0.75 + 0.25) / 2, 12);
  expect(rPrecision(neighbors, [2, 2, 4])).toBeCloseTo((0.5 + 1 + 0.25) / 3, 12);
});
