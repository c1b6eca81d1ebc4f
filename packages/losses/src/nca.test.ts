import { cosine } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, logSumExp, meanOf, partners } from '../test/pairs.ts';
import golden from './nca.golden.json' with { type: 'json' };
import { nca, type NcaOptions } from './nca.ts';

/** The paper's equations by loops. */
function oracle(input: LossOracleInput, { scale = 1, objective, distance }: NcaOptions): number {
  return meanOf(
    partners(input, distance?.name ?? 'squared-euclidean').flatMap(({ positives, negatives }) => {
      if (positives.length === 0) return [];
      const close = positives.map(({ d }) => -scale * d);
      const surprise = logSumExp([...close, ...negatives.map(({ d }) => -scale * d)]) - logSumExp(close);
      return [objective === 'probability' ? 1 - Math.exp(-surprise) : surprise];
    }),
  );
}

testLoss(
  nca,
  {
    oracle,
    worked: [
      // Anchor 0: both neighbours at 1, one of its class: p = ½. Anchor 1: its own class at 1, the other at 4: p = 1 / (1 + e^−3).
      { labels: [0, 0, 1], rows: [[0], [1], [-1]], value: (Math.LN2 + Math.log1p(Math.exp(-3))) / 2 },
      {
        options: { objective: 'probability' },
        labels: [0, 0, 1],
        rows: [[0], [1], [-1]],
        value: (0.5 + 1 - 1 / (1 + Math.exp(-3))) / 2,
      },
    ],
    options: [{ scale: 0.3 }, { objective: 'probability', scale: 2, distance: cosine() }],
    golden: goldenOf<NcaOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('nca', () => {
  test('is exact where every weight underflows', () => {
    // Squared distances: 0 to 1 is 10,000, 0 to 2 is 9,801, 1 to 2 is 199². Only the excess over the nearest counts.
    const value = tidy(() => nca()(tensor1d([0, 0, 1]), tensor2d([[0], [100], [-99]])).dataSync()[0]!);
    expect(value).toBeCloseTo((10_000 - 9801) / 2, 4);
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(nca({ distance }).distance).toBe(distance);
    expect(nca().options).toEqual({ scale: 1, objective: 'log-probability', distance: 'squared-euclidean' });
  });

  test('says what is wrong with an option', () => {
    expect(() => nca({ scale: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: nca: scale must be a finite number above 0, but got 0. Leave scale out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error no such objective
    expect(() => nca({ objective: 'log' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: nca: objective must be one of 'log-probability', 'probability', but got 'log'. Leave objective out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => nca({ softmaxScale: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: nca: options are scale, objective, distance, miner, reduce, but got 'softmaxScale'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
