import { cosine } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, logSumExp, meanOf, partners } from '../test/pairs.ts';
import golden from './soft-nearest-neighbor.golden.json' with { type: 'json' };
import { softNearestNeighbor, type SoftNearestNeighborOptions } from './soft-nearest-neighbor.ts';

/** The paper's equation by loops. */
function oracle(input: LossOracleInput, { temperature = 1, distance }: SoftNearestNeighborOptions): number {
  return meanOf(
    partners(input, distance?.name ?? 'squared-euclidean').flatMap(({ positives, negatives }) => {
      if (positives.length === 0) return [];
      const close = positives.map(({ d }) => -d / temperature);
      return [logSumExp([...close, ...negatives.map(({ d }) => -d / temperature)]) - logSumExp(close)];
    }),
  );
}

testLoss(
  softNearestNeighbor,
  {
    oracle,
    worked: [
      // Anchor 0: both neighbours at 1, one of its class: log 2. Anchor 1: its own class at 1, the other at 4: log(1 + e^−3).
      { labels: [0, 0, 1], rows: [[0], [1], [-1]], value: (Math.LN2 + Math.log1p(Math.exp(-3))) / 2 },
    ],
    options: [{}, { temperature: 5 }, { temperature: 0.5, distance: cosine() }],
    golden: goldenOf<SoftNearestNeighborOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('softNearestNeighbor', () => {
  test('is exact where every weight underflows', () => {
    // Squared distances: 0 to 1 is 10,000, 0 to 2 is 9,801, 1 to 2 is 199². Only the excess over the nearest counts.
    const value = tidy(() => softNearestNeighbor()(tensor1d([0, 0, 1]), tensor2d([[0], [100], [-99]])).dataSync()[0]!);
    expect(value).toBeCloseTo((10_000 - 9801) / 2, 4);
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(softNearestNeighbor({ distance }).distance).toBe(distance);
    expect(softNearestNeighbor().options).toEqual({ temperature: 1, distance: 'squared-euclidean' });
  });

  test('says what is wrong with an option', () => {
    expect(() => softNearestNeighbor({ temperature: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: soft-nearest-neighbor: temperature must be a finite number above 0, but got 0. Leave temperature out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => softNearestNeighbor({ temprature: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: soft-nearest-neighbor: options are temperature, distance, miner, reduce, but got 'temprature'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
