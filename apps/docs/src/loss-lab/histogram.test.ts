import { expect, test } from 'vitest';
import { countDistances } from './histogram.ts';

test('every ordered pair of two points is counted once, by its kind', () => {
  // Points 0, 1, 4 on a line; the first two of one class.
  const distances = Float32Array.of(0, 1, 4, 1, 0, 3, 4, 3, 0);
  const { least, most, positives, negatives } = countDistances(Int32Array.of(0, 0, 1), distances);
  expect([least, most]).toEqual([0, 4]);
  expect(positives[6]).toBe(2); // 1 of 4, in 24 steps
  expect(negatives[18]).toBe(2); // 3 of 4
  expect(negatives[23]).toBe(2); // the farthest is in the last
  expect([...positives, ...negatives].reduce((a, b) => a + b)).toBe(6);
});
