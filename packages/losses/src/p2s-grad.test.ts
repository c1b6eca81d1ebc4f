import { testClassLoss, type ClassBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { cosineOf } from '../test/class-oracle.ts';
import golden from './p2s-grad.golden.json' with { type: 'json' };
import { p2sGrad } from './p2s-grad.ts';

/** Half the squares by loops over rows and classes. */
function oracle({ labels, rows, weights }: ClassBatch): number {
  let total = 0;
  labels.forEach((label, i) =>
    weights.forEach((w, j) => (total += (cosineOf(rows[i]!, w) - (j === label ? 1 : 0)) ** 2)),
  );
  return total / 2 / labels.length;
}

testClassLoss<object>(
  'p2s-grad',
  p2sGrad,
  {
    oracle,
    worked: [
      // Cosines 0.6 and 0.8: short of 1 by 0.4, above 0 by 0.8.
      {
        labels: [0],
        rows: [[3, 4]],
        weights: [
          [1, 0],
          [0, 2],
        ],
        value: 0.4,
      },
    ],
    golden: golden.cases,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('p2sGrad', () => {
  test('says what is wrong with an option', () => {
    // @ts-expect-error it has no scale, which is its point
    expect(() => p2sGrad({ classes: 2, dimension: 2, scale: 64 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: p2s-grad: options are classes, dimension, seed, weights, reduce, but got 'scale'. Check the spelling. [ERR_OPTION]]`,
    );
  });

  test('tells its options', () => {
    const loss = p2sGrad({ classes: 2, dimension: 3 });
    expect(loss.options).toEqual({ classes: 2, dimension: 3, seed: 0 });
    expect(tidy(() => loss(tensor1d([1]), tensor2d([[0, 0, 0]])).dataSync()[0])).toBe(0.5);
    loss.dispose!();
  });
});
