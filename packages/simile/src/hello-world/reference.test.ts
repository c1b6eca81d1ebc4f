import { expect, test } from 'vitest';
import { figureNames } from './figure-table.ts';
import { tensorFlowSimilarity } from './reference.ts';

test.each([300, 1000] as const)(
  'every figure after %i steps has a mean between its least and its greatest',
  (steps) => {
    const reference = tensorFlowSimilarity[steps];
    expect(Object.keys(reference).toSorted()).toEqual(figureNames.map(([name]) => name).toSorted());
    for (const [name, { mean, least, greatest }] of Object.entries(reference)) {
      expect(least, name).toBeLessThanOrEqual(mean);
      expect(mean, name).toBeLessThanOrEqual(greatest);
    }
  },
);

// Means of three recorded runs, recomputed on paper: (.960998 + .94748 + .957356) / 3 and (.924 + .893 + .898) / 3.
test('the headline means are those of the three seeds', () => {
  expect(tensorFlowSimilarity[1000].f1.mean).toBeCloseTo(0.955278, 4);
  expect(tensorFlowSimilarity[1000].binaryAccuracy.mean).toBeCloseTo(0.905, 6);
});
