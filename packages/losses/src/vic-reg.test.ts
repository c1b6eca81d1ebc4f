import { testViewLoss, type ViewBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { column, dot, goldenViews, mean } from '../test/views.ts';
import { vicReg, type VicRegOptions } from './vic-reg.ts';
import golden from './vic-reg.golden.json' with { type: 'json' };

/** Equations 1 to 6 by loops over items and features. */
function oracle({ first, second }: ViewBatch, options: VicRegOptions): number {
  const [n, d] = [first.length, first[0]!.length];
  const { lambda = 25 / d, mu = 12.5, nu = 1, gamma = 1, epsilon = 1e-4 } = options;
  const invariance = first.reduce(
    (total, row, i) => total + row.reduce((s, x, k) => s + (x - second[i]![k]!) ** 2, 0),
    0,
  );
  const spread = [first, second].map((rows) => {
    const off = rows[0]!.map((_, k) => {
      const values = column(rows, k);
      return values.map((x) => x - mean(values));
    });
    const covariance = (i: number, j: number): number => (n === 1 ? 0 : dot(off[i]!, off[j]!) / (n - 1));
    let total = 0;
    for (let i = 0; i < d; i++) {
      total += (mu * Math.max(0, gamma - Math.sqrt(covariance(i, i) + epsilon))) / d;
      for (let j = 0; j < d; j++) if (i !== j) total += (nu * covariance(i, j) ** 2) / d;
    }
    return total;
  });
  return (lambda * invariance) / n + spread[0]! + spread[1]!;
}

testViewLoss(
  'vic-reg',
  vicReg,
  {
    oracle,
    worked: [
      // Distance 0; two features whose covariance is 2: 2 · (2² + 2²) / 2 for each view.
      {
        options: { lambda: 1, mu: 0, nu: 2 },
        first: [
          [1, 1],
          [-1, -1],
        ],
        second: [
          [1, 1],
          [-1, -1],
        ],
        value: 16,
      },
      // One item: squared distance 25; no variance, so each feature of both views lacks 1 − √0.01.
      {
        options: { lambda: 2, mu: 10, epsilon: 0.01 },
        first: [[0, 0]],
        second: [[3, 4]],
        value: 2 * 25 + 10 * 0.9 * 2,
      },
    ],
    options: [{}, { lambda: 1, mu: 2, nu: 0.5, gamma: 0.5, epsilon: 1e-3 }],
    golden: goldenViews<VicRegOptions>(golden.cases),
    rotationInvariant: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('vicReg', () => {
  test('has no distance, and tells its options', () => {
    expect(vicReg().distance).toBe(undefined);
    expect(vicReg({ nu: 2 }).options).toEqual({ lambda: '25 / d', mu: 12.5, nu: 2, gamma: 1, epsilon: 1e-4 });
  });

  test('says what is wrong with an option', () => {
    expect(() => vicReg({ mu: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: vic-reg: mu must be a finite number, 0 or more, but got -1. Leave mu out to use the default. [ERR_OPTION]]`,
    );
    expect(() => vicReg({ epsilon: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: vic-reg: epsilon must be a finite number above 0, but got 0. Leave epsilon out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => vicReg({ eps: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: vic-reg: options are lambda, mu, nu, gamma, epsilon, but got 'eps'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
