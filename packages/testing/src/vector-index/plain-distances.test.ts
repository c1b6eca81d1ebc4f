import { expect, test } from 'vitest';
import { plainDistances } from './plain-distances.ts';

// On paper, for the query (3, 4) and the row (0, 2): differences 3 and 2, product 8, lengths 5 and 2.
test.each([
  ['cosine', 1 - 8 / 10],
  ['euclidean', Math.sqrt(13)],
  ['squared-euclidean', 13],
  ['manhattan', 5],
  ['inner-product', -8],
  ['snr', 1], // variance of (3, 2) is .25, that of (3, 4), too
])('%s of two vectors is what paper says', (metric, distance) => {
  expect(plainDistances[metric]!([3, 4], [0, 2])).toBeCloseTo(distance, 14);
});

test('rows without a direction, or without a variance, have a rule', () => {
  expect(plainDistances['cosine']!([0, 0], [0, 0])).toBe(1);
  expect(plainDistances['snr']!([1, 1], [1, 3])).toBe(1e12); // the variance of a query is at least 1e-12
});
