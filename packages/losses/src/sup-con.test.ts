import { euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, logSumExp, meanOf, partners } from '../test/pairs.ts';
import golden from './sup-con.golden.json' with { type: 'json' };
import { supCon, type SupConOptions } from './sup-con.ts';

/** Equation 2 by loops over positives. */
function oracle(input: LossOracleInput, { temperature = 0.1, distance }: SupConOptions): number {
  return meanOf(
    partners(input, distance?.name ?? 'cosine').flatMap(({ positives, negatives }) => {
      if (positives.length === 0) return [];
      const every = logSumExp([...positives, ...negatives].map(({ d }) => -d / temperature));
      return [meanOf(positives.map(({ d }) => every + d / temperature))];
    }),
  );
}

testLoss(
  supCon,
  {
    oracle,
    worked: [
      // Anchors 0 and 1: the positive at s = 1, the negative at s = 0: −log(e / (e + 1)).
      {
        options: { temperature: 1 },
        labels: [0, 0, 1],
        rows: [
          [1, 0],
          [2, 0],
          [0, 1],
        ],
        value: Math.log1p(Math.exp(-1)),
      },
      // One class of three equal rows: two others, each half.
      { labels: [5, 5, 5], rows: [[1], [1], [1]], value: Math.LN2 },
    ],
    options: [{}, { temperature: 0.5 }, { temperature: 2, distance: euclidean() }],
    golden: goldenOf<SupConOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('supCon', () => {
  test('stays exact where an exponential would overflow', () => {
    // Similarities 1, −1 and −1 at temperature 1e-4: (1 − (−1)) / 1e-4 for the anchors whose positive is opposite.
    const rows = tensor2d([
      [1, 0],
      [-1, 0],
      [1, 0],
    ]);
    const value = tidy(() => supCon({ temperature: 1e-4 })(tensor1d([0, 0, 1]), rows).dataSync()[0]!);
    expect(value).toBeCloseTo((20_000 + Math.LN2) / 2, 1);
  });

  test('has its distance, and tells its options', () => {
    const distance = euclidean();
    expect(supCon({ distance }).distance).toBe(distance);
    expect(supCon().options).toEqual({ temperature: 0.1, distance: 'cosine' });
  });

  test('says what is wrong with an option', () => {
    expect(() => supCon({ temperature: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: sup-con: temperature must be a finite number above 0, but got 0. Leave temperature out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => supCon({ temprature: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: sup-con: options are temperature, distance, miner, reduce, but got 'temprature'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
