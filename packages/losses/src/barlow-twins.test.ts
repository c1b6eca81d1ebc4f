import { testViewLoss, type ViewBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { column, dot, goldenViews, mean } from '../test/views.ts';
import { barlowTwins, type BarlowTwinsOptions } from './barlow-twins.ts';
import golden from './barlow-twins.golden.json' with { type: 'json' };

/** Equations 1 and 2 by loops over features; one that does not vary correlates with nothing. */
function oracle({ first, second }: ViewBatch, { lambda = 0.005 }: BarlowTwinsOptions): number {
  const standardized = (values: readonly number[]): number[] => {
    const middle = mean(values);
    const off = values.map((x) => x - middle);
    const deviation = Math.sqrt(mean(off.map((x) => x * x)));
    return off.map((x) => (deviation <= 1e-9 * Math.abs(middle) ? 0 : x / deviation));
  };
  const features = first[0]!.map((_, k) => [first, second].map((rows) => standardized(column(rows, k))));
  let total = 0;
  features.forEach(([a], i) => {
    features.forEach(([, b], j) => {
      const correlation = dot(a!, b!) / first.length;
      total += i === j ? (1 - correlation) ** 2 : lambda * correlation ** 2;
    });
  });
  return total;
}

testViewLoss(
  'barlow-twins',
  barlowTwins,
  {
    oracle,
    worked: [
      // Two features that are one: correlations of 1 everywhere, so 0.5 · (1 + 1).
      {
        options: { lambda: 0.5 },
        first: [
          [1, 1],
          [-1, -1],
        ],
        second: [
          [3, 4],
          [1, 2],
        ],
        value: 1,
      },
      // One feature, turned over: (1 − (−1))².
      { first: [[1], [2]], second: [[2], [1]], value: 4 },
    ],
    options: [{}, { lambda: 0.3 }],
    golden: goldenViews<BarlowTwinsOptions>(golden.cases),
    rotationInvariant: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('barlowTwins', () => {
  test('lets a feature that is the same for all items cost 1, where TensorFlow Similarity adds a margin as well', () => {
    const value = tidy(() => {
      const first = tensor2d([
        [0.1, 1],
        [0.1, 2],
        [0.1, 4],
      ]);
      return barlowTwins()(first, first).dataSync()[0]!;
    });
    expect(value).toBeCloseTo(1, 5);
  });

  test.each([1e-15, 1e6])('takes features %s times as large for the same, constant ones among them', (scale) => {
    const numbers = [0.3, -1.2, 2.5, 0.7, 1.1, -0.4, 0.9];
    const value = tidy(() => {
      const rows = tensor2d(numbers.map((x, i) => [scale * x, scale * numbers[6 - i]!, scale * 0.7]));
      return barlowTwins({ lambda: 0.5 })(rows, rows).dataSync()[0]!;
    });
    const rows = numbers.map((x, i) => [x, numbers[6 - i]!, 0]);
    expect(value).toBeCloseTo(oracle({ first: rows, second: rows }, { lambda: 0.5 }), 4);
  });

  test('has no distance, and tells its options', () => {
    expect(barlowTwins().distance).toBe(undefined);
    expect(barlowTwins().options).toEqual({ lambda: 0.005 });
  });

  test('says what is wrong with an option', () => {
    expect(() => barlowTwins({ lambda: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: barlow-twins: lambda must be a finite number, 0 or more, but got -1. Leave lambda out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => barlowTwins({ lambda_: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: barlow-twins: options are lambda, but got 'lambda_'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
