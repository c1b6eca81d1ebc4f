import { snr, squaredEuclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, meanOf, partners } from '../test/pairs.ts';
import golden from './snr-contrastive.golden.json' with { type: 'json' };
import { snrContrastive, type SnrContrastiveOptions } from './snr-contrastive.ts';

/** The paper's equation by loops over pairs. */
function oracle(input: LossOracleInput, options: SnrContrastiveOptions): number {
  const { positiveMargin = 0, negativeMargin = 1, zeroMean = 0, distance } = options;
  const of = partners(input, distance?.name ?? 'snr');
  const above = (x: number): number => Math.max(0, x);
  return (
    meanOf(of.flatMap(({ positives }) => positives.map(({ d }) => above(d - positiveMargin)))) +
    meanOf(of.flatMap(({ negatives }) => negatives.map(({ d }) => above(negativeMargin - d)))) +
    zeroMean * meanOf(input.rows.map((row) => Math.abs(row.reduce((a, b) => a + b, 0))))
  );
}

testLoss(
  snrContrastive,
  {
    oracle,
    worked: [
      // Variances of the rows 1, 4, 1. Positives: 1/1 and 1/4. Negatives: 4/1 twice, 9/4 and 9/1, below 5 by 1, 1, 2¾ and not.
      {
        options: { negativeMargin: 5 },
        labels: [0, 0, 1],
        rows: [
          [0, 2],
          [0, 4],
          [2, 0],
        ],
        value: 0.625 + 4.75 / 4,
      },
    ],
    options: [
      {},
      { positiveMargin: 0.3, negativeMargin: 2, zeroMean: 0.1 },
      { negativeMargin: 3, distance: squaredEuclidean() },
    ],
    golden: goldenOf<SnrContrastiveOptions>(golden.cases),
    // The mean of a row, which its variance is about, hangs on the axes.
    rotationInvariant: ({ distance, zeroMean }) => distance !== undefined && !zeroMean,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('snrContrastive', () => {
  test('asks a price of rows that do not add up to 0', () => {
    const rows = tensor2d([[1, 3], [-1, -5]]); // prettier-ignore
    const cost = (zeroMean: number): number =>
      tidy(() => snrContrastive({ zeroMean })(tensor1d([0, 1]), rows).dataSync()[0]!);
    expect(cost(0.5) - cost(0)).toBeCloseTo((0.5 * (4 + 6)) / 2, 5);
  });

  test('has its distance, and tells its options', () => {
    const distance = snr();
    expect(snrContrastive({ distance }).distance).toBe(distance);
    expect(snrContrastive().options).toEqual({ positiveMargin: 0, negativeMargin: 1, zeroMean: 0, distance: 'snr' });
  });

  test('says what is wrong with an option', () => {
    expect(() => snrContrastive({ negativeMargin: Infinity })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: snr-contrastive: negativeMargin must be a finite number, but got Infinity. Leave negativeMargin out to use the default. [ERR_OPTION]]`,
    );
    expect(() => snrContrastive({ zeroMean: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: snr-contrastive: zeroMean must be a finite number, 0 or more, but got -1. Leave zeroMean out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => snrContrastive({ pos_margin: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: snr-contrastive: options are positiveMargin, negativeMargin, zeroMean, distance, miner, reduce, but got 'pos_margin'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
