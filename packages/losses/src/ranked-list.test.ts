import { cosine, euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, meanOf, partners, type Partner } from '../test/pairs.ts';
import golden from './ranked-list.golden.json' with { type: 'json' };
import { rankedList, type RankedListOptions } from './ranked-list.ts';

/** The paper's equations by loops; the weights are those of `at`. */
function oracle(input: LossOracleInput, options: RankedListOptions, at: LossOracleInput): number {
  const { margin = 0.4, alpha = 1.2, positiveScale = 0, negativeScale = 10, imbalance = 0.5 } = options;
  const metric = options.distance?.name ?? 'euclidean';
  const [now, then] = [partners(input, metric), partners(at, metric)];
  const costOf = (pairs: Partner[], held: Partner[], scale: number, excess: (d: number) => number): number => {
    const offending = held.flatMap(({ d }, k) => (excess(d) > 0 ? [{ k, w: Math.exp(scale * excess(d)) }] : []));
    const total = offending.reduce((sum, { w }) => sum + w, 0);
    return offending.reduce((sum, { k, w }) => sum + (w * excess(pairs[k]!.d)) / total, 0);
  };
  const far = (d: number): number => d - (alpha - margin);
  const near = (d: number): number => alpha - d;
  const pull = now.flatMap(({ positives }, i) =>
    positives.length === 0 ? [] : [costOf(positives, then[i]!.positives, positiveScale, far)],
  );
  const push = now.flatMap(({ negatives }, i) =>
    negatives.length === 0 ? [] : [costOf(negatives, then[i]!.negatives, negativeScale, near)],
  );
  return (1 - imbalance) * meanOf(pull) + imbalance * meanOf(push);
}

testLoss(
  rankedList,
  {
    oracle,
    worked: [
      // Positives may be 1 apart and are 3. Negatives should be 2 away: row 0 has one at 4, rows 1 and 2 each other at 1.
      { options: { alpha: 2, margin: 1 }, labels: [0, 0, 1], rows: [[0], [3], [4]], value: 1 + 2 / 3 / 2 },
      // Row 0 has negatives at 1 and 2, too near by 2 and 1, which weigh e² and e; rows 1 and 2 have row 0, each other not.
      {
        options: { alpha: 3, negativeScale: 1, imbalance: 1 },
        labels: [0, 1, 1],
        rows: [[0], [1], [2]],
        value: ((2 * Math.E + 1) / (Math.E + 1) + 2 + 1) / 3,
      },
    ],
    options: [
      {},
      { margin: 0.8, alpha: 2, positiveScale: 1, negativeScale: 2, imbalance: 0.3 },
      { alpha: 0.9, negativeScale: 5, distance: cosine() },
    ],
    // Theirs adds 1e-5 a row to what it divides by, and differentiates through the weights; ours holds them, as the paper does.
    golden: goldenOf<RankedListOptions>(golden.cases).map(({ gradient: _gradient, ...sample }) => ({
      ...sample,
      tolerance: 1e-4,
    })),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('rankedList', () => {
  // PyTorch Metric Learning passes over negatives at distance 0.
  test('counts a negative that is equal to the row', () => {
    const value = tidy(() => rankedList({ imbalance: 1 })(tensor1d([0, 1]), tensor2d([[1], [1]])).dataSync()[0]!);
    expect(value).toBeCloseTo(1.2, 6);
  });

  test('has finite weights whatever the scale', () => {
    const loss = rankedList({ negativeScale: 1e4, imbalance: 1, alpha: 3 });
    // Of the negatives at 1 and 2 the nearer alone counts.
    expect(tidy(() => loss(tensor1d([0, 1, 2]), tensor2d([[0], [1], [2]])).dataSync()[0])).toBeCloseTo(2, 5);
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(rankedList({ distance }).distance).toBe(distance);
    expect(rankedList().options).toEqual({
      margin: 0.4,
      alpha: 1.2,
      positiveScale: 0,
      negativeScale: 10,
      imbalance: 0.5,
      distance: euclidean().name,
    });
  });

  test('says what is wrong with an option', () => {
    expect(() => rankedList({ imbalance: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: ranked-list: imbalance must be a number from 0 to 1, but got 2. Leave imbalance out to use the default. [ERR_OPTION]]`,
    );
    expect(() => rankedList({ alpha: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: ranked-list: alpha must be a finite number, but got NaN. Leave alpha out to use the default. [ERR_OPTION]]`,
    );
    expect(() => rankedList({ negativeScale: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: ranked-list: negativeScale must be a finite number, 0 or more, but got -1. Leave negativeScale out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => rankedList({ Tn: 10 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: ranked-list: options are margin, alpha, positiveScale, negativeScale, imbalance, distance, miner, reduce, but got 'Tn'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
