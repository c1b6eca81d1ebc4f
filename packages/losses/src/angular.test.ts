import { selectBackend } from '@simile/core/backend';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy, valueAndGrad, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { angular, type AngularOptions } from './angular.ts';
import golden from './angular.golden.json' with { type: 'json' };
import { goldenOf, logSumExp, meanOf } from '../test/pairs.ts';

type Row = readonly number[];

const dot = (a: Row, b: Row): number => a.reduce((total, x, k) => total + x * b[k]!, 0);
const unit = (row: Row): Row => row.map((x) => x / Math.hypot(...row));

/** The paper's equation by loops over anchors, positives and negatives. */
function oracle({ rows, columns, same }: LossOracleInput, options: AngularOptions): number {
  const { alpha = Math.PI / 4, normalizeNegatives = true } = options;
  const t = Math.tan(alpha) ** 2;
  const [anchors, positives] = [rows.map(unit), columns.map(unit)];
  const negatives = normalizeNegatives ? positives : columns;
  const near = (of: readonly Row[], to: readonly Row[]): number[][] => of.map((x) => to.map((y) => dot(x, y)));
  const [an, pn, ap] = [near(anchors, negatives), near(positives, negatives), near(anchors, positives)];
  const costs: number[] = [];
  rows.forEach((_, a) =>
    columns.forEach((__, p) => {
      if (same(a, p) !== true) return;
      const f = [0];
      for (let n = 0; n < columns.length; n++) {
        if (same(a, n) === false) f.push(4 * t * (an[a]![n]! + pn[p]![n]!) - 2 * (1 + t) * ap[a]![p]!);
      }
      costs.push(logSumExp(f));
    }),
  );
  return meanOf(costs);
}

testLoss(
  angular,
  {
    oracle,
    worked: [
      // tan² 45° = 1: f = 4 · (x_a + x_p) · x_n − 4 x_a · x_p, with the negative at cosines −1 and 0, the pair at a right angle.
      {
        labels: [0, 0, 1],
        rows: [
          [1, 0],
          [0, 2],
          [-1, 0],
        ],
        value: Math.log1p(Math.exp(-4)),
      },
      // tan² 60° = 3: 12 · 0.6 − 8 for the negative between them.
      {
        options: { alpha: Math.PI / 3, normalizeNegatives: false },
        labels: [0, 0, 1],
        rows: [
          [1, 0],
          [1, 0],
          [0.3, 0.4],
        ],
        value: Math.log1p(Math.exp(12 * 0.6 - 8)),
      },
    ],
    options: [{}, { alpha: 1.4 }, { alpha: 0.5, normalizeNegatives: false }],
    golden: goldenOf<AngularOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('angular', () => {
  test('is the same whether exponentials are multiplied or their exponents added', async () => {
    await selectBackend({ prefer: 'wasm' });
    const n = 24;
    const x = Array.from({ length: n }, (_, i) => [Math.sin(7 * i * i), Math.cos(3 * i), Math.sin(i + 1)]);
    const [labels, rows] = [tensor1d(x.map((_, i) => i % 6)), tensor2d(x)];
    // Rows of length 1 as they are, of which the negatives need no normalising.
    const unitOf = tidy(() => tensor2d(x.map((row) => [...unit(row)])));
    const [one, other] = [true, false].map((normalizeNegatives) =>
      tidy(() => {
        const { value, grad } = valueAndGrad((y) => angular({ normalizeNegatives })(labels, y as Tensor2D))(unitOf);
        return [value.dataSync()[0]!, ...grad.dataSync()];
      }),
    );
    expect(one![0]).toBeCloseTo(other![0]!, 5);
    labels.dispose();
    rows.dispose();
    unitOf.dispose();
    await setBackend('cpu');
  });

  // PyTorch Metric Learning leaves negatives as they are: then their length counts. The paper's rows are of length 1.
  test('does not hang on the length of rows', () => {
    const value = (scale: number): number =>
      tidy(() => angular()(tensor1d([0, 0, 1]), tensor2d([[1, 0], [1, 1], [scale, scale]])).dataSync()[0]!); // prettier-ignore
    expect(value(5)).toBeCloseTo(value(1), 6);
  });

  test('compares by cosine, and tells its options', () => {
    expect(angular().distance!.name).toBe('cosine');
    expect(angular().options).toEqual({ alpha: Math.PI / 4, normalizeNegatives: true });
  });

  test('says what is wrong with an option', () => {
    expect(() => angular({ alpha: 45 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: angular: alpha must be a number from 0 to 1.5, but got 45. Leave alpha out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not true or false
    expect(() => angular({ normalizeNegatives: 'no' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: angular: normalizeNegatives must be one of true, false, but got 'no'. Leave normalizeNegatives out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error it compares by angles
    expect(() => angular({ distance: undefined })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: angular: options are alpha, normalizeNegatives, miner, reduce, but got 'distance'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
