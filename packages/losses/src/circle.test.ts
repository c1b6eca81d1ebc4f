import { euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, logSumExp, meanOf, partners } from '../test/pairs.ts';
import golden from './circle.golden.json' with { type: 'json' };
import { circle, type CircleOptions } from './circle.ts';

/** The paper's equation by loops, its weights α at the point where the gradient is taken. */
function oracle(input: LossOracleInput, options: CircleOptions, at: LossOracleInput): number {
  const { gamma = 80, margin = 0.4, distance } = options;
  const name = distance?.name ?? 'cosine';
  const weights = partners(at, name);
  return meanOf(
    partners(input, name).flatMap(({ positives, negatives }, i) => {
      if (positives.length === 0 || negatives.length === 0) return [];
      const far = positives.map(({ d }, k) => {
        const alpha = Math.max(0, 1 + margin - (1 - weights[i]!.positives[k]!.d));
        return -gamma * alpha * (1 - d - (1 - margin));
      });
      const near = negatives.map(({ d }, k) => {
        const alpha = Math.max(0, 1 - weights[i]!.negatives[k]!.d + margin);
        return gamma * alpha * (1 - d - margin);
      });
      return [logSumExp([0, logSumExp(far) + logSumExp(near)])];
    }),
  );
}

testLoss(
  circle,
  {
    oracle,
    worked: [
      // Anchors 0 and 1: a positive at s = 1 (α = 0.25) and a negative at s = 0 (α = 0.25), both exponents −0.25 · 0.25.
      {
        options: { gamma: 1, margin: 0.25 },
        labels: [0, 0, 1],
        rows: [
          [1, 0],
          [2, 0],
          [0, 1],
        ],
        value: Math.log1p(Math.exp(-0.125)),
      },
    ],
    options: [{}, { gamma: 4, margin: 0.25 }, { gamma: 2, margin: 0.3, distance: euclidean() }],
    golden: goldenOf<CircleOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('circle', () => {
  test('stays exact where an exponential would overflow', () => {
    // The positive at s = −1 has α = 2.4 and 1.6 too little; the negatives at s = 1 and −1 have α = 1.4 and 0.
    const rows = tensor2d([
      [1, 0],
      [-1, 0],
      [1, 0],
    ]);
    const value = tidy(() => circle({ gamma: 1000 })(tensor1d([0, 0, 1]), rows).dataSync()[0]!);
    const ofAnchor = (positive: number, negative: number): number =>
      1000 * (Math.max(0, 1.4 - positive) * (0.6 - positive) + Math.max(0, negative + 0.4) * (negative - 0.4));
    expect(value / ((ofAnchor(-1, 1) + ofAnchor(-1, -1)) / 2)).toBeCloseTo(1, 5);
  });

  test('has its distance, and tells its options', () => {
    const distance = euclidean();
    expect(circle({ distance }).distance).toBe(distance);
    expect(circle().options).toEqual({ gamma: 80, margin: 0.4, distance: 'cosine' });
  });

  test('says what is wrong with an option', () => {
    expect(() => circle({ gamma: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: circle: gamma must be a finite number above 0, but got 0. Leave gamma out to use the default. [ERR_OPTION]]`,
    );
    expect(() => circle({ margin: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: circle: margin must be a finite number, but got NaN. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => circle({ m: 0.4 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: circle: options are gamma, margin, distance, miner, reduce, but got 'm'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
