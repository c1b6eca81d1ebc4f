import { cosine, euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, meanOf, partners } from '../test/pairs.ts';
import golden from './intra-pair-variance.golden.json' with { type: 'json' };
import { intraPairVariance, type IntraPairVarianceOptions } from './intra-pair-variance.ts';

/** The paper's two equations by loops, and the same of distances. */
function oracle(input: LossOracleInput, options: IntraPairVarianceOptions): number {
  const { positiveEpsilon = 0.01, negativeEpsilon = 0.01, center = 1, distance } = options;
  const of = partners(input, distance?.name ?? 'cosine');
  const p = of.flatMap(({ positives }) => positives.map(({ d }) => d));
  const n = of.flatMap(({ negatives }) => negatives.map(({ d }) => d));
  const above = (x: number): number => (x > 0 ? x * x : 0);
  if (center === 0) {
    const [far, near] = [(1 + positiveEpsilon) * meanOf(p), (1 - negativeEpsilon) * meanOf(n)];
    return meanOf(p.map((d) => above(d - far))) + meanOf(n.map((d) => above(near - d)));
  }
  const s = (d: number): number => center - d;
  const [low, high] = [(1 - positiveEpsilon) * meanOf(p.map(s)), (1 + negativeEpsilon) * meanOf(n.map(s))];
  return meanOf(p.map((d) => above(low - s(d)))) + meanOf(n.map((d) => above(s(d) - high)));
}

testLoss(
  intraPairVariance,
  {
    oracle,
    worked: [
      // One positive pair, at its mean. Negatives, each both ways, at cosine −1 and 0; their mean −½ is passed by ½ by half of them.
      {
        options: { positiveEpsilon: 0, negativeEpsilon: 0 },
        labels: [0, 0, 1],
        rows: [
          [1, 0],
          [0, 2],
          [-1, 0],
        ],
        value: 0.125,
      },
      // Positives at 1, 1 and 2, their mean 4/3, and with a tenth more 22/15: the excess 8/15, of a third of them.
      {
        options: { positiveEpsilon: 0.1, center: 0, distance: euclidean() },
        labels: [0, 0, 0],
        rows: [[0], [1], [2]],
        value: (8 / 15) ** 2 / 3,
      },
    ],
    options: [{}, { positiveEpsilon: 0.2, negativeEpsilon: 0.3 }, { center: 0, distance: euclidean() }],
    golden: goldenOf<IntraPairVarianceOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('intraPairVariance', () => {
  test('does not hang on where the means are', () => {
    const value = tidy(() => intraPairVariance({ positiveEpsilon: 0 })(tensor1d([0, 0]), tensor2d([[1, 0], [-1, 0]])).dataSync()[0]!); // prettier-ignore
    expect(value).toBe(0);
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(intraPairVariance({ distance }).distance).toBe(distance);
    expect(intraPairVariance().options).toEqual({
      positiveEpsilon: 0.01,
      negativeEpsilon: 0.01,
      center: 1,
      distance: 'cosine',
    });
  });

  test('says what is wrong with an option', () => {
    expect(() => intraPairVariance({ positiveEpsilon: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: intra-pair-variance: positiveEpsilon must be a finite number, 0 or more, but got -1. Leave positiveEpsilon out to use the default. [ERR_OPTION]]`,
    );
    expect(() => intraPairVariance({ center: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: intra-pair-variance: center must be a finite number, but got NaN. Leave center out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => intraPairVariance({ pos_eps: 0.01 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: intra-pair-variance: options are positiveEpsilon, negativeEpsilon, center, distance, miner, reduce, but got 'pos_eps'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
