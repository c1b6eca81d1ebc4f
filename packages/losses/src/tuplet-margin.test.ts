import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { grad, setBackend, tensor1d, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, logSumExp, meanOf, partners } from '../test/pairs.ts';
import golden from './tuplet-margin.golden.json' with { type: 'json' };
import { tupletMargin, type TupletMarginOptions } from './tuplet-margin.ts';

/** The paper's equation by loops over positive pairs, with the arc cosine. */
function oracle(input: LossOracleInput, { margin = 0.1, scale = 64 }: TupletMarginOptions): number {
  return meanOf(
    partners(input, 'cosine').flatMap(({ positives, negatives }) =>
      positives.map((p) => {
        const pull = Math.cos(Math.acos(Math.min(1, Math.max(-1, 1 - p.d))) - margin);
        return negatives.length === 0 ? 0 : logSumExp([0, ...negatives.map(({ d }) => scale * (1 - d - pull))]);
      }),
    ),
  );
}

testLoss(
  tupletMargin,
  {
    oracle,
    worked: [
      // θ of the positive pair is 90°, less 30°: cosine ½. Negatives of row 0 at cosine −1, of row 1 at 0.
      {
        options: { margin: Math.PI / 6, scale: 1 },
        labels: [0, 0, 1],
        rows: [
          [1, 0],
          [0, 2],
          [-1, 0],
        ],
        value: (Math.log1p(Math.exp(-1.5)) + Math.log1p(Math.exp(-0.5))) / 2,
      },
    ],
    options: [{}, { margin: 0.5, scale: 4 }, { margin: 0, scale: 1 }],
    golden: goldenOf<TupletMarginOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('tupletMargin', () => {
  // PyTorch Metric Learning has the arc cosine of a cosine that rounds to 1 or beyond: NaN.
  test('is right where a positive equals its anchor, and its gradient finite', () => {
    const [labels, rows] = [tensor1d([0, 0, 1]), tensor2d([[1, 2], [1, 2], [2, -1]])]; // prettier-ignore
    const loss = tupletMargin({ margin: 0.5, scale: 2 });
    // θ = 0 less 0.5; the negative at a right angle.
    const value = tidy(() => loss(labels, rows).dataSync()[0]!);
    expect(value).toBeCloseTo(Math.log1p(Math.exp(-2 * Math.cos(0.5))), 6);
    const slope = tidy(() => grad((x) => loss(labels, x as Tensor2D))(rows).dataSync());
    expect([...slope].every(Number.isFinite)).toBe(true);
  });

  test('compares by cosine, and tells its options', () => {
    expect(tupletMargin().distance!.name).toBe('cosine');
    expect(tupletMargin().options).toEqual({ margin: 0.1, scale: 64 });
  });

  test('says what is wrong with an option', () => {
    expect(() => tupletMargin({ margin: 5.73 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: tuplet-margin: margin must be a number from 0 to 3.141592653589793, but got 5.73. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    expect(() => tupletMargin({ scale: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: tuplet-margin: scale must be a finite number above 0, but got 0. Leave scale out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error it compares by cosine
    expect(() => tupletMargin({ distance: 'cosine' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: tuplet-margin: options are margin, scale, miner, reduce, but got 'distance'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
