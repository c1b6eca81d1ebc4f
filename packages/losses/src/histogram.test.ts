import { cosine, euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, meanOf, partners } from '../test/pairs.ts';
import golden from './histogram.golden.json' with { type: 'json' };
import { histogram, type HistogramOptions } from './histogram.ts';

/** The paper's equations by loops over nodes. */
function oracle(input: LossOracleInput, { bins = 100, range = 2, distance }: HistogramOptions): number {
  const step = range / bins;
  const of = partners(input, distance?.name ?? 'cosine');
  const share = (d: number, r: number): number =>
    Math.max(0, 1 - Math.abs(range - Math.min(d, range) - r * step) / step);
  const p = of.flatMap(({ positives }) => positives.map(({ d }) => d));
  const n = of.flatMap(({ negatives }) => negatives.map(({ d }) => d));
  let [total, upTo] = [0, 0];
  for (let r = 0; r <= bins; r++) {
    upTo += meanOf(p.map((d) => share(d, r)));
    total += meanOf(n.map((d) => share(d, r))) * upTo;
  }
  return total;
}

testLoss(
  histogram,
  {
    oracle,
    worked: [
      // The positive pair has cosine 0; of the negatives −1 is less alike, 0 is not.
      {
        options: { bins: 2 },
        labels: [0, 0, 1],
        rows: [
          [1, 0],
          [0, 1],
          [-1, 0],
        ],
        value: 0.5,
      },
      // One step from −1 to 1: the positive half at each end; negatives at −1 count its first half, at 0 (½·½ + ½·1): (½ + ¾) / 2.
      {
        options: { bins: 1 },
        labels: [0, 0, 1],
        rows: [
          [1, 0],
          [0, 1],
          [-1, 0],
        ],
        value: 0.625,
      },
    ],
    options: [{ bins: 25 }, { bins: 6, range: 3, distance: euclidean() }],
    golden: goldenOf<HistogramOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('histogram', () => {
  // PyTorch Metric Learning indexes past its last bin.
  test('takes a cosine of 1', () => {
    const rows = tensor2d([[1, 0], [1, 0], [1, 0]]); // prettier-ignore
    expect(tidy(() => histogram()(tensor1d([0, 0, 1]), rows).dataSync()[0])).toBe(1);
  });

  // PyTorch Metric Learning leaves out pairs without a triplet: the negative of two lone rows. The paper has all.
  test('counts negatives whose rows have no positive', () => {
    const rows = tensor2d([[1, 0], [1, 0], [0, 1], [0, 1]]); // prettier-ignore
    // Positives at 1; negatives four at 0 and one at 1.
    expect(tidy(() => histogram({ bins: 2 })(tensor1d([0, 0, 1, 2]), rows).dataSync()[0])).toBeCloseTo(0.2, 6);
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(histogram({ distance }).distance).toBe(distance);
    expect(histogram().options).toEqual({ bins: 100, range: 2, distance: 'cosine' });
  });

  test('says what is wrong with an option', () => {
    expect(() => histogram({ bins: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: histogram: bins must be a whole number of at least 1, but got 0.5. Leave bins out to use the default. [ERR_OPTION]]`,
    );
    expect(() => histogram({ range: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: histogram: range must be a finite number above 0, but got -1. Leave range out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error there is one cost a batch
    expect(() => histogram({ reduce: undefined })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: histogram: options are bins, range, distance, miner, but got 'reduce'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
