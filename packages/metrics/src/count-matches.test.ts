import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countMatches } from './count-matches.ts';

it('counts the evaluation fixture at three thresholds, in the order given', () => {
  // 8 queries; nearest labels 0 1 2 2 2 1 0 2, distances .02 .05 .10 .12 .04 .06 .08 1.0
  const labels = [0, 1, 2, 0, 2, 0, 1, 2];
  const derived = {
    labels: [0, 1, 2, 2, 2, 1, 0, 2],
    distances: Float64Array.of(0.02, 0.05, 0.1, 0.12, 0.04, 0.06, 0.08, 1),
  };
  const counts = countMatches(labels, derived, [1, 0.05, 0.1]);
  expect(counts.map((c) => [c.truePositives, c.falsePositives, c.trueNegatives, c.falseNegatives])).toEqual([
    [5, 3, 0, 0],
    [3, 0, 3, 2],
    [4, 2, 1, 1],
  ]);
});

it('agrees with a plain loop', () => {
  const row = fc.tuple(fc.nat(2), fc.option(fc.nat(2)), fc.constantFrom(0, 0.25, 0.5, 1, Infinity));
  fc.assert(
    fc.property(fc.array(row), fc.array(fc.constantFrom(-1, 0, 0.25, 0.3, 1, Infinity)), (rows, thresholds) => {
      const derived = { labels: rows.map((r) => r[1]), distances: Float64Array.from(rows, (r) => r[2]) };
      const got = countMatches(
        rows.map((r) => r[0]),
        derived,
        thresholds,
      );
      const expected = thresholds.map((threshold) => {
        const counts = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
        for (const [label, found, distance] of rows) {
          const accepted = distance <= threshold && distance !== Infinity;
          if (label === found) counts[accepted ? 'truePositives' : 'falseNegatives']++;
          else counts[accepted ? 'falsePositives' : 'trueNegatives']++;
        }
        return counts;
      });
      expect(got).toEqual(expected);
    }),
    { seed: 4 },
  );
});

it('refuses labels of another length', () => {
  const derived = { labels: [1], distances: Float64Array.of(0) };
  expect(() => countMatches([1, 2], derived, [])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: count-matches: labels must have 1 values, one a query, but got 2. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
  );
});
