import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calibrate } from './calibrate.ts';
import { classificationMetric } from './classification-metrics.ts';

interface Point {
  distance: number;
  value: number;
}
interface Values {
  cutpoints: Record<string, Point>;
  curve: Record<string, number[]> & { distance: number[] };
}
interface Case {
  name: string;
  options: { metric: string; matcher: string; targets: Record<string, number> };
  inputs: {
    queryLabels: number[];
    lookupLabels: { shape: [number, number]; data: number[] };
    lookupDistances: { data: number[] };
  };
  expected: Values;
  expectedFixed?: Partial<Values>;
}
const golden = JSON.parse(readFileSync(new URL('calibrate.golden.json', import.meta.url), 'utf8')) as { cases: Case[] };
const close = (got: number, wanted: number): boolean => Math.abs(got - wanted) <= 1e-6 + 1e-5 * Math.abs(wanted);

/** Eight queries, three neighbours each: the inventory's evaluation fixture. */
const fixture = {
  labels: [0, 1, 2, 0, 2, 0, 1, 2],
  neighborLabels: [0, 0, 1, 1, 0, 0, 2, 1, 1, 2, 2, 0, 2, 1, 0, 1, 0, 0, 0, 1, 1, 2, 1, 2],
  neighborDistances: [
    [0.02, 0.03, 0.35],
    [0.05, 0.06, 0.36],
    [0.1, 0.22, 0.55],
    [0.12, 0.33, 0.47],
    [0.04, 0.48, 1.3],
    [0.06, 0.11, 0.46],
    [0.08, 0.09, 0.27],
    [1.0, 1.3, 1.4],
  ].flat(),
  k: 3,
};

describe('calibrate', () => {
  it('finds the cut-points and curves of TensorFlow Similarity, right where it is right', () => {
    expect(golden.cases.length).toBe(48);
    let compared = 0;
    for (const { name, options, inputs, expected, expectedFixed } of golden.cases) {
      const found = calibrate(
        {
          labels: inputs.queryLabels,
          neighborLabels: inputs.lookupLabels.data,
          neighborDistances: inputs.lookupDistances.data,
          k: inputs.lookupLabels.shape[1],
        },
        { ...options, extraMetrics: ['precision', 'recall', 'binary_accuracy', 'fpr', 'npv', 'f1'] },
      );
      // The library's grid holds the distances of all k neighbours; ours, and that of `expectedFixed`, the derived ones.
      const curve = expectedFixed?.curve ?? expected.curve;
      for (const [metric, values] of Object.entries(curve)) {
        if (metric === 'distance' || metric === 'value') continue;
        const ours = found.curve[classificationMetric(metric).id]!;
        found.curve.thresholds.forEach((threshold, i) => {
          const at = curve.distance.findIndex((distance) => close(threshold, distance));
          expect(at, name).toBeGreaterThanOrEqual(0);
          if (metric === 'precision' && at === 0 && !expectedFixed) return; // forced to 1 there
          expect(close(ours[i]!, values[at]!), `${name} ${metric} at ${threshold}`).toBe(true);
          compared++;
        });
      }
      // Where the grids differ and nothing else does, the library's cut-point is the next of its own distances.
      const gridsDiffer = found.curve.thresholds.length !== curve.distance.length;
      const cutpoints = { ...expected.cutpoints, ...expectedFixed?.cutpoints };
      for (const [label, point] of Object.entries(cutpoints)) {
        if (expectedFixed?.cutpoints && !(label in expectedFixed.cutpoints) && label !== 'optimal') continue;
        // 0.6 in float32 arithmetic comes out below 0.6 there.
        if (found.curve[found.metric]!.some((v) => Math.abs(v - (options.targets[label] ?? -1)) < 1e-6)) continue;
        expect(close(found.cutpoints[label]!.value, point.value), `${name} ${label}`).toBe(true);
        if (!gridsDiffer)
          expect(close(found.cutpoints[label]!.distance, point.distance), `${name} ${label}`).toBe(true);
      }
      for (const label of Object.keys(options.targets)) {
        const wanted = expectedFixed?.cutpoints ?? expected.cutpoints;
        expect(label in found.cutpoints, `${name} ${label}`).toBe(label in wanted);
      }
    }
    expect(compared).toBeGreaterThan(2000);
  });

  it('finds the numbers of the evaluation fixture', () => {
    const nearest = calibrate(fixture, { targets: { some: 0.7, none: 0.95 } });
    expect(nearest.curve.thresholds).toEqual([0.02, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 1]);
    const f1 = [2 / 6, 4 / 7, 6 / 8, 6 / 9, 6 / 10, 8 / 11, 8 / 12, 10 / 13]; // 2tp / (2tp + fp + fn)
    expect(nearest.curve['f1']).toEqual(f1);
    expect(nearest.cutpoints.optimal).toEqual({
      name: 'optimal',
      distance: 1,
      value: 10 / 13,
      metrics: { f1: 10 / 13, precision: 5 / 8, recall: 1 },
    });
    expect(nearest.cutpoints['some']!.distance).toBe(0.05);
    expect(nearest.cutpoints['none']).toBeUndefined();
    expect([nearest.metric, nearest.k, nearest.matcher]).toEqual(['f1', 3, 'match-nearest']);

    const precise = calibrate(fixture, { metric: 'precision', targets: { high: 0.9, low: 0.6 } });
    expect(precise.cutpoints.optimal.distance).toBe(0.05); // the last of three that reach 1
    expect([precise.cutpoints['high']!.distance, precise.cutpoints['low']!.distance]).toEqual([0.05, 1]);

    const few = calibrate(fixture, { metric: 'fpr', targets: { third: 0.34, none: -1 }, extraMetrics: [] });
    expect(few.cutpoints.optimal.distance).toBe(0.05);
    expect(few.cutpoints['third']!.distance).toBe(0.06); // 1/3 at .06, 2/3 at .08: the last that stays below
    expect(Object.keys(few.curve)).toEqual(['thresholds', 'false-positive-rate']);

    const vote = calibrate(fixture, { matcher: 'majority_vote' });
    expect(vote.cutpoints.optimal.value).toBeCloseTo(10 / 13, 12);
    expect(vote.cutpoints.optimal.distance).toBeCloseTo(3.7 / 3, 12); // mean of 1.0, 1.3, 1.4
  });

  it('works with labels of text, queries of unknown classes and short lists', () => {
    const found = calibrate({
      labels: ['cat', 'cat', 'dog', 'fox'],
      neighborLabels: ['cat', 'cat', 'cat', null],
      neighborDistances: [0.1, 0.2, 0.4, Infinity],
      k: 1,
    });
    expect(found.curve.thresholds).toEqual([0.1, 0.2, 0.4]);
    expect(found.cutpoints.optimal).toMatchObject({ distance: 0.2, value: 1 });
  });

  it('refuses what it cannot use', () => {
    const table = { labels: [1], neighborLabels: [1], neighborDistances: [1], k: 1 };
    const none = { labels: [], neighborLabels: [], neighborDistances: [], k: 1 };
    expect(() => calibrate(none)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: calibrate: at least one query must have a neighbour, but got 'none'. Index some records first, and give some queries. [ERR_DATA]]`,
    );
    expect(() => calibrate({ ...table, labels: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: count-matches: labels must have 1 values, one a query, but got 2. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
    );
    expect(() => calibrate(table, { targets: { a: NaN } })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: calibrate: a must be a finite number, but got NaN. Leave a out to use the default. [ERR_OPTION]]`,
    );
    expect(() => calibrate(table, { targets: { optimal: 1 } })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: calibrate: targets must have names other than optimal, which is always found, but got 'optimal'. Rename the target. [ERR_OPTION]]`,
    );
    expect(() => calibrate(table, { metrics: 'f1' } as object)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: calibrate: options are metric, matcher, targets, extraMetrics, but got 'metrics'. Check the spelling. [ERR_OPTION]]`,
    );
    expect(() => calibrate(table, { metric: 'f2' })).toThrow('ERR_OPTION');
  });
});
