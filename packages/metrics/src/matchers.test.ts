import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countMatches } from './count-matches.ts';
import { matchMajorityVote, matchNearest, matcher } from './matchers.ts';

interface Values {
  labels: { data: number[] };
  distances: { data: (number | string)[] };
  tp: number[];
  fp: number[];
  tn: number[];
  fn: number[];
}
interface Case {
  name: string;
  options: { matcher: string };
  inputs: {
    queryLabels: number[];
    lookupLabels: { shape: [number, number]; data: number[] };
    lookupDistances: { data: (number | string)[] };
    thresholds: { data: number[] };
  };
  expected: Values;
  expectedFixed?: Partial<Values>;
}
const golden = JSON.parse(readFileSync(new URL('matchers.golden.json', import.meta.url), 'utf8')) as { cases: Case[] };

describe('matchers', () => {
  it('derive and count what TensorFlow Similarity does, right where it is right', () => {
    expect(golden.cases.length).toBe(12);
    for (const { name, options, inputs, expected, expectedFixed } of golden.cases) {
      const wanted = { ...expected, ...expectedFixed };
      const derived = matcher(options.matcher).derive<number>({
        neighborLabels: inputs.lookupLabels.data,
        neighborDistances: inputs.lookupDistances.data.map(Number),
        k: inputs.lookupLabels.shape[1],
      });
      wanted.distances.data.map(Number).forEach((distance, i) => {
        if (distance === Infinity) expect(derived.distances[i], name).toBe(Infinity);
        else {
          expect(derived.labels[i], name).toBe(wanted.labels.data[i]);
          expect(Math.abs(derived.distances[i]! - distance), name).toBeLessThan(1e-6);
        }
      });
      const counts = countMatches(inputs.queryLabels, derived, inputs.thresholds.data);
      expect(
        counts.map((c) => c.truePositives),
        name,
      ).toEqual(wanted.tp);
      expect(
        counts.map((c) => c.falsePositives),
        name,
      ).toEqual(wanted.fp);
      expect(
        counts.map((c) => c.trueNegatives),
        name,
      ).toEqual(wanted.tn);
      expect(
        counts.map((c) => c.falseNegatives),
        name,
      ).toEqual(wanted.fn);
    }
  });

  it('vote: most first, ties to the closest, mean over all', () => {
    const table = {
      neighborLabels: [10, 12, 10, 12, 10, 20, 13, 13, 20, 30],
      neighborDistances: [1, 1.1, 1.2, 1.3, 1.4, 2, 2.1, 2.2, 2.3, 2.4],
      k: 5,
    };
    const { labels, distances } = matchMajorityVote(table);
    expect(labels).toEqual([10, 20]);
    expect(distances[0]).toBeCloseTo(1.2, 12);
    expect(distances[1]).toBeCloseTo(2.2, 12);
    expect(matchNearest(table)).toEqual({ labels: [10, 20], distances: Float64Array.of(1, 2) });
  });

  it('let no padding and no missing label vote', () => {
    const table = {
      neighborLabels: ['cat', null, null, null, null, null],
      neighborDistances: [1, 2, Infinity, Infinity, Infinity, Infinity],
      k: 3,
    };
    expect(matchMajorityVote(table)).toEqual({ labels: ['cat', null], distances: Float64Array.of(1.5, Infinity) });
    expect(matchNearest(table)).toEqual({ labels: ['cat', null], distances: Float64Array.of(1, Infinity) });
  });

  it('answer to their names', () => {
    const names = ['match_nearest', 'Match-Nearest', 'nearest', 'match_majority_vote', 'majority_vote'];
    expect(names.map((name) => matcher(name).id.length)).toEqual([13, 13, 13, 19, 19]);
    expect(() => matcher('closest')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: matcher: matchers are match-nearest, match-majority-vote, but got 'closest'. Check the spelling. [ERR_OPTION]]`,
    );
  });

  it('refuse lists that do not agree', () => {
    const error = (table: Parameters<typeof matchNearest>[0]) => () => matchNearest(table);
    expect(error({ neighborLabels: [1, 2], neighborDistances: [1], k: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: match-nearest: neighborDistances must have 2 values, one a neighbour, but got 1. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
    );
    expect(error({ neighborLabels: [1, 2], neighborDistances: [1, 2], k: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: match-nearest: neighborLabels must have 3 values a query, but got 2. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
    );
    expect(error({ neighborLabels: [], neighborDistances: [], k: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: match-nearest: k must be a whole number of at least 1, but got 0. Leave k out to use the default. [ERR_OPTION]]`,
    );
  });
});
