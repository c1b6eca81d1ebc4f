import { sumOfValid } from '@simile/core';
import { testViewLoss, type ViewBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { cosineOf, goldenViews, logSumExp } from '../test/views.ts';
import golden from './nt-xent.golden.json' with { type: 'json' };
import { ntXent, type NtXentOptions } from './nt-xent.ts';

/** Equation 1 for each of the 2n rows, by loops. */
function oracle({ first, second }: ViewBatch, { temperature = 0.1, reduce }: NtXentOptions): number {
  const rows = [...first, ...second];
  const n = first.length;
  const costs = rows.map((row, i) => {
    const closeness = rows.map((other) => cosineOf(row, other) / temperature);
    return logSumExp(closeness.filter((_, k) => k !== i)) - closeness[(i + n) % (2 * n)]!;
  });
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return reduce === sumOfValid ? total : total / costs.length;
}

testViewLoss(
  'nt-xent',
  ntXent,
  {
    oracle,
    worked: [
      // Each of the four rows: its other view at s = 1, two others at 0: −log(e / (e + 2)).
      {
        options: { temperature: 1 },
        first: [
          [1, 0],
          [0, 1],
        ],
        second: [
          [2, 0],
          [0, 2],
        ],
        value: Math.log1p(2 / Math.E),
      },
      // One item: nothing else to find.
      { first: [[1, 0]], second: [[-1, 1]], value: 0 },
    ],
    options: [{}, { temperature: 1, reduce: sumOfValid }],
    golden: goldenViews<NtXentOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('ntXent', () => {
  test('stays exact where an exponential would overflow', () => {
    // Cosines 1 with the others of the first view and −1 with the other view, at temperature 1e-4: 2 / 1e-4 + log 1.
    const value = tidy(() => {
      const ahead = tensor2d([
        [1, 0],
        [1, 0],
      ]);
      const behind = tensor2d([
        [-1, 0],
        [-1, 0],
      ]);
      return ntXent({ temperature: 1e-4 })(ahead, behind).dataSync()[0]!;
    });
    expect(value).toBeCloseTo(20_000, 1);
  });

  test('has its distance, and tells its options', () => {
    expect(ntXent().distance!.name).toBe('cosine');
    expect(ntXent().options).toEqual({ temperature: 0.1 });
    expect(ntXent().takesTargets).toBe(false);
  });

  test('says what is wrong with an option', () => {
    expect(() => ntXent({ temperature: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: nt-xent: temperature must be a finite number above 0, but got 0. Leave temperature out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => ntXent({ temprature: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: nt-xent: options are temperature, reduce, but got 'temprature'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
