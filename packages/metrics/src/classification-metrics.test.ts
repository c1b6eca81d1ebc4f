import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classificationMetric, f1Score, precision, recall, type MatchCounts } from './classification-metrics.ts';

interface Case {
  name: string;
  unit: string;
  inputs: { tp: number[]; fp: number[]; tn: number[]; fn: number[]; count: number };
  expected: { values: { data: number[] } };
  expectedFixed?: { values: { data: number[] } };
}
const golden = JSON.parse(readFileSync(new URL('classification-metrics.golden.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};
const counts = (tp: number, fp: number, tn: number, fn: number): MatchCounts => ({
  truePositives: tp,
  falsePositives: fp,
  trueNegatives: tn,
  falseNegatives: fn,
});

describe('classification metrics', () => {
  it('give the values of TensorFlow Similarity, right where it is right', () => {
    expect(golden.cases.length).toBe(36);
    for (const { name, unit, inputs, expected, expectedFixed } of golden.cases) {
      const metric = classificationMetric(unit.replace('classification/', ''));
      const wanted = (expectedFixed ?? expected).values.data;
      wanted.forEach((value, i) => {
        const got = metric.compute(counts(inputs.tp[i]!, inputs.fp[i]!, inputs.tn[i]!, inputs.fn[i]!));
        expect(Math.abs(got - value), name).toBeLessThanOrEqual(1e-7 + 1e-6 * Math.abs(value));
      });
    }
  });

  it('count on paper', () => {
    // 10 right accepted, 1 wrong accepted, 10 wrong refused, 15 right refused, of 36
    const some = counts(10, 1, 10, 15);
    const values = ['precision', 'recall', 'f1', 'binary-accuracy', 'false-positive-rate', 'negative-predictive-value'];
    expect(values.map((id) => classificationMetric(id).compute(some))).toEqual([
      10 / 11,
      10 / 25,
      20 / 36, // 2·10 / (2·10 + 1 + 15)
      10 / 36,
      1 / 11,
      10 / 25,
    ]);
  });

  it('are 0 where nothing was counted', () => {
    const none = counts(0, 0, 0, 0);
    for (const { compute } of ['precision', 'recall', 'f1', 'binary-accuracy', 'fpr', 'npv'].map(
      classificationMetric,
    )) {
      expect(compute(none)).toBe(0);
    }
    expect(precision(counts(0, 0, 1, 1))).toBe(0); // TensorFlow Similarity says 1 here
    expect([recall(counts(0, 1, 1, 0)), f1Score(counts(0, 1, 1, 0))]).toEqual([0, 0]);
  });

  it('answer to the names that users of TensorFlow Similarity know', () => {
    const ids = ['F1', 'f1_score', 'f1score', 'binary_accuracy', 'fpr', 'false_positive_rate', 'npv', 'Precision'];
    expect(ids.map((name) => classificationMetric(name).id)).toEqual([
      'f1',
      'f1',
      'f1',
      'binary-accuracy',
      'false-positive-rate',
      'false-positive-rate',
      'negative-predictive-value',
      'precision',
    ]);
    expect(() => classificationMetric('accuracy')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: classification-metric: metrics are precision, recall, f1, binary-accuracy, false-positive-rate, negative-predictive-value, but got 'accuracy'. Check the spelling. [ERR_OPTION]]`,
    );
    expect(() => classificationMetric('constructor')).toThrow('ERR_OPTION');
  });
});
