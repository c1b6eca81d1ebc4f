import { testClassLoss, type ClassBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { cosineOf, dot, meanCrossEntropy } from '../test/class-oracle.ts';
import golden from './large-margin-softmax.golden.json' with { type: 'json' };
import { largeMarginSoftmax } from './large-margin-softmax.ts';

interface Options {
  margin?: number;
  lambda?: number;
  scale?: number;
}

const lengthOf = (row: readonly number[]): number => Math.sqrt(dot(row, row));

/** ψ by the angle itself. */
function psi(cosine: number, margin: number): number {
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const k = Math.min(margin - 1, Math.floor((margin * angle) / Math.PI));
  return (k % 2 === 0 ? 1 : -1) * Math.cos(margin * angle) - 2 * k;
}

function oracle({ labels, rows, weights }: ClassBatch, { margin = 4, lambda = 0, scale = 1 }: Options): number {
  return meanCrossEntropy(labels, (i, label) =>
    weights.map((weight, j) => {
      if (j !== label) return scale * dot(rows[i]!, weight);
      const cosine = cosineOf(rows[i]!, weight);
      return (scale * lengthOf(rows[i]!) * lengthOf(weight) * (psi(cosine, margin) + lambda * cosine)) / (1 + lambda);
    }),
  );
}

testClassLoss<Options>(
  'large-margin-softmax',
  largeMarginSoftmax,
  {
    oracle,
    worked: [
      // θ = π to the own weight: ψ = −cos 2π − 2 = −3; ‖w‖‖x‖ = 6; the other logit is 0.
      {
        options: { margin: 2 },
        labels: [0],
        rows: [[-3, 0]],
        weights: [
          [2, 0],
          [0, 1],
        ],
        value: Math.log(1 + Math.exp(18)),
      },
      // θ = π/2 to the own weight: ψ = cos 2π − 4 = −3 and cos θ = 0, half of each: −1.5 · 2 · 6 = −18; the other logit is 2 · 3.
      {
        options: { margin: 4, lambda: 1, scale: 2 },
        labels: [0],
        rows: [[0, 3]],
        weights: [
          [2, 0],
          [0, 1],
        ],
        value: Math.log(1 + Math.exp(6 + 18)),
      },
    ],
    options: [{}, { margin: 3, lambda: 2, scale: 2 }, { margin: 1 }],
    golden: golden.cases,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('large-margin-softmax says what is wrong with an option', () => {
  const make = (options: Options) => () => largeMarginSoftmax({ classes: 2, dimension: 2, ...options });
  expect(make({ margin: 1.5 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: large-margin-softmax: margin must be a whole number of at least 1, but got 1.5. Leave margin out to use the default. [ERR_OPTION]]`,
  );
  expect(make({ lambda: -1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: large-margin-softmax: lambda must be a finite number, 0 or more, but got -1. Leave lambda out to use the default. [ERR_OPTION]]`,
  );
  expect(make({ scale: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: large-margin-softmax: scale must be a finite number above 0, but got 0. Leave scale out to use the default. [ERR_OPTION]]`,
  );
});
