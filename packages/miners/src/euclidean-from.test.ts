import { expect, test } from 'vitest';
import { euclideanFrom, euclideanMetrics } from './euclidean-from.ts';

test('tells the Euclidean distance of what another distance says', () => {
  // Unit rows at a right angle: √2 apart, square 2, cosine distance 1.
  const said = { euclidean: Math.SQRT2, 'squared-euclidean': 2, cosine: 1 };
  for (const metric of euclideanMetrics) expect(euclideanFrom(metric)(said[metric])).toBeCloseTo(Math.SQRT2, 12);
  expect(euclideanFrom('cosine')(-1e-9)).toBe(0);
});
