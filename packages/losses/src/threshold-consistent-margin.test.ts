import { euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { goldenOf, meanOf, partners } from '../test/pairs.ts';
import golden from './threshold-consistent-margin.golden.json' with { type: 'json' };
import { thresholdConsistentMargin, type ThresholdConsistentMarginOptions } from './threshold-consistent-margin.ts';

/** Means over the hard pairs of either side, by loops. */
function oracle(input: LossOracleInput, options: ThresholdConsistentMarginOptions): number {
  const { positiveMargin = 0.1, negativeMargin = 0.5, positiveWeight = 1, negativeWeight = 1, distance } = options;
  const all = partners(input, distance?.name ?? 'cosine');
  const pull = all.flatMap(({ positives }) => positives.map(({ d }) => d - positiveMargin));
  const push = all.flatMap(({ negatives }) => negatives.map(({ d }) => negativeMargin - d));
  const hard = (excess: number[]): number => meanOf(excess.filter((x) => x >= 0));
  return positiveWeight * hard(pull) + negativeWeight * hard(push);
}

testLoss(
  thresholdConsistentMargin,
  {
    oracle,
    worked: [
      // The positive pair at 2 is 1 too far. Negatives at 5 and 3: one is hard, by 0.
      {
        options: { positiveMargin: 1, negativeMargin: 3, distance: euclidean() },
        labels: [0, 0, 1],
        rows: [[0], [2], [5]],
        value: 1,
      },
      // A negative pair at cosine 1, distance 0: 0.5 too near; the other at 1 is no hard one. Positives at distance 1: 0.9 too far.
      {
        options: { positiveWeight: 2, negativeWeight: 4 },
        labels: [0, 0, 1],
        rows: [
          [1, 0],
          [0, 1],
          [2, 0],
        ],
        value: 2 * 0.9 + 4 * 0.5,
      },
    ],
    options: [{}, { positiveMargin: 0.4, negativeMargin: 1.5, positiveWeight: 0.5, distance: euclidean() }],
    golden: goldenOf<ThresholdConsistentMarginOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('thresholdConsistentMargin', () => {
  test('has its distance, and tells its options', () => {
    const loss = thresholdConsistentMargin();
    expect(loss.distance!.name).toBe('cosine');
    expect(loss.options).toEqual({
      positiveMargin: 0.1,
      negativeMargin: 0.5,
      positiveWeight: 1,
      negativeWeight: 1,
      distance: 'cosine',
    });
  });

  test('says what is wrong with an option', () => {
    expect(() => thresholdConsistentMargin({ positiveMargin: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: threshold-consistent-margin: positiveMargin must be a finite number, but got NaN. Leave positiveMargin out to use the default. [ERR_OPTION]]`,
    );
    expect(() => thresholdConsistentMargin({ negativeWeight: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: threshold-consistent-margin: negativeWeight must be a finite number, 0 or more, but got -1. Leave negativeWeight out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => thresholdConsistentMargin({ margin: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: threshold-consistent-margin: options are positiveMargin, negativeMargin, positiveWeight, negativeWeight, distance, miner, but got 'margin'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
