import { cosine, euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, meanOf, partners } from '../test/pairs.ts';
import golden from './fast-ap.golden.json' with { type: 'json' };
import { fastAp, type FastApOptions } from './fast-ap.ts';

/** The paper's equation by loops over bins. */
function oracle(input: LossOracleInput, { bins = 10, range = 2, distance }: FastApOptions): number {
  const step = range / bins;
  const share = (d: number, j: number): number => Math.max(0, 1 - Math.abs(Math.min(d, range) - j * step) / step);
  return meanOf(
    partners(input, distance?.name ?? 'cosine').flatMap(({ positives, negatives }) => {
      if (positives.length === 0) return [];
      let [total, upTo, allUpTo] = [0, 0, 0];
      for (let j = 0; j <= bins; j++) {
        const here = positives.reduce((sum, { d }) => sum + share(d, j), 0);
        upTo += here;
        allUpTo += here + negatives.reduce((sum, { d }) => sum + share(d, j), 0);
        if (allUpTo > 0) total += (here * upTo) / allUpTo;
      }
      return [1 - total / positives.length];
    }),
  );
}

testLoss(
  fastAp,
  {
    oracle,
    worked: [
      // Row 0: a positive and a negative at 1: h⁺ = H⁺ = 1, H = 2 there. Row 1: positive at 1, negative at 2.
      {
        options: { bins: 2, distance: euclidean() },
        labels: [0, 0, 1],
        rows: [[0], [1], [-1]],
        value: 0.25,
      },
      // With steps of 2, distance 1 is half at 0 and half at 2. Row 0: ½·½/1 + ½·1/2 = ½. Row 1: ½·½/½ + ½·1/2 = ¾.
      {
        options: { bins: 1, distance: euclidean() },
        labels: [0, 0, 1],
        rows: [[0], [1], [-1]],
        value: (0.5 + 0.25) / 2,
      },
    ],
    options: [{}, { bins: 7 }, { bins: 4, range: 3, distance: euclidean() }],
    golden: goldenOf<FastApOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('fastAp', () => {
  test('counts what is beyond the range as at its end', () => {
    const loss = fastAp({ bins: 2, range: 2, distance: euclidean() });
    const rows = tensor2d([[0], [50], [-90]]);
    // Row 0: both at 2: precision ½. So has row 1, whose others are both beyond.
    expect(tidy(() => loss(tensor1d([0, 0, 1]), rows).dataSync()[0])).toBeCloseTo(0.5, 6);
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(fastAp({ distance }).distance).toBe(distance);
    expect(fastAp().options).toEqual({ bins: 10, range: 2, distance: 'cosine' });
  });

  test('says what is wrong with an option', () => {
    expect(() => fastAp({ bins: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: fast-ap: bins must be a whole number of at least 1, but got 0. Leave bins out to use the default. [ERR_OPTION]]`,
    );
    expect(() => fastAp({ range: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: fast-ap: range must be a finite number above 0, but got 0. Leave range out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => fastAp({ num_bins: 10 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: fast-ap: options are bins, range, distance, miner, reduce, but got 'num_bins'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
