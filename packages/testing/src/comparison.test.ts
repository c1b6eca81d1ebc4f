import { expect, test } from 'vitest';
import { beginComparison, comparison, noteComparison } from './comparison.ts';

test('numbers add up, and those nearest to their limit are kept', () => {
  beginComparison();
  expect(comparison()).toBeUndefined();
  noteComparison({ count: 3, furthest: 1e-6, allowed: 1e-5 }); // a tenth of what is allowed
  noteComparison({ count: 40, furthest: 1e-5, allowed: 2e-4 }); // a twentieth
  expect(comparison()).toEqual({ count: 43, furthest: 1e-6, allowed: 1e-5 });
  noteComparison({ count: 1, furthest: 1e-4, allowed: 2e-4 });
  expect(comparison()).toEqual({ count: 44, furthest: 1e-4, allowed: 2e-4 });
  beginComparison();
  expect(comparison()).toBeUndefined();
});
