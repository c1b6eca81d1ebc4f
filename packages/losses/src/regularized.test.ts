import { defineRegularizer } from '@simile/core';
import { mul, sum, type Scalar } from '@simile/core/ops';
import { euclidean } from '@simile/distances';
import { testClassLoss, testLoss, type GivenWeights, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { cosineOf, meanCrossEntropy } from '../test/class-oracle.ts';
import { contrastive, lp, normalizedSoftmax, regularFace, regularized, zeroMean } from './index.ts';

/** Contrastive loss of power 1 and the mean length of rows, by loops. */
function oracle({ rows, columns, same }: LossOracleInput, { weight = 1 }: { weight?: number }): number {
  const kinds: [number[], number[]] = [[], []];
  rows.forEach((row, i) =>
    columns.forEach((column, j) => {
      const d = Math.hypot(...row.map((x, k) => x - column[k]!));
      if (same(i, j) === true) kinds[0].push(d);
      if (same(i, j) === false) kinds[1].push(Math.max(0, 1 - d));
    }),
  );
  const mean = (list: number[]): number => (list.length === 0 ? 0 : list.reduce((total, x) => total + x) / list.length);
  return mean(kinds[0]) + mean(kinds[1]) + weight * mean(rows.map((row) => Math.hypot(...row)));
}

testLoss(
  ({ weight }: { weight?: number } = {}) =>
    regularized({ loss: contrastive({ power: 1 }), regularizer: lp(), ...(weight !== undefined && { weight }) }),
  {
    oracle,
    options: [{}, { weight: 0.3 }],
    // A pair at 5, and lengths 3 and 4.
    worked: [
      {
        labels: [0, 0],
        rows: [
          [3, 0],
          [0, 4],
        ],
        options: { weight: 2 },
        value: 5 + 2 * 3.5,
      },
    ],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

testClassLoss(
  'regularized-normalized-softmax',
  ({ classes, dimension, weights }: GivenWeights) =>
    regularized({
      loss: normalizedSoftmax({ classes, dimension, weights, temperature: 1 }),
      regularizer: regularFace(),
      weight: 0.5,
      of: 'weights',
    }),
  {
    oracle: ({ labels, rows, weights }) => {
      const nearest = weights.map((weight, i) =>
        Math.max(...weights.flatMap((other, j) => (i === j ? [] : [cosineOf(weight, other)]))),
      );
      return (
        meanCrossEntropy(labels, (i) => weights.map((weight) => cosineOf(rows[i]!, weight))) +
        (0.5 * nearest.reduce((total, x) => total + x)) / nearest.length
      );
    },
    worked: [
      // Logits 1 and 0.6, so log(1 + e^−0.4); the two weights are at a cosine of 0.6, which each has with the other.
      {
        labels: [0],
        rows: [[2, 0]],
        weights: [
          [1, 0],
          [3, 4],
        ],
        value: Math.log(1 + Math.exp(-0.4)) + 0.3,
      },
    ],
    nonNegative: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('regularized', () => {
  test('keeps what the loss has, and can be wrapped again', async () => {
    await setBackend('cpu');
    const inner = normalizedSoftmax({
      classes: 2,
      dimension: 2,
      weights: [
        [1, 1],
        [1, -1],
      ],
    });
    const loss = regularized({
      loss: regularized({ loss: inner, regularizer: zeroMean(), weight: 10 }),
      regularizer: lp(),
      of: 'weights',
    });
    expect(loss.name).toBe('regularized');
    expect(loss.options).toEqual({ loss: 'regularized', regularizer: 'lp', weight: 1, of: 'weights' });
    expect(loss.variables).toEqual(inner.variables);
    expect(loss.distance).toBe(inner.distance);
    const [labels, rows] = [tensor1d([0], 'int32'), tensor2d([[1, 2]])];
    const alone = inner(labels, rows).dataSync()[0]!;
    // |1 + 2| ten times, and weights of length √2.
    expect(loss(labels, rows).dataSync()[0]).toBeCloseTo(alone + 30 + Math.SQRT2, 4);
    loss.dispose!();
    expect(inner.variables![0]!.isDisposed).toBe(true);
    expect(regularized({ loss: contrastive(), regularizer: lp() }).distance?.name).toBe(euclidean().name);
  });

  test('takes a regulariser of your own', async () => {
    await setBackend('cpu');
    const total = defineRegularizer('total', (rows) => sum(mul(rows, rows)) as Scalar);
    const loss = regularized({ loss: contrastive({ power: 1 }), regularizer: total, weight: 0.5 });
    expect(loss(tensor1d([0]), tensor2d([[3, 4]])).dataSync()[0]).toBe(12.5);
  });

  test('says what is wrong with an option', () => {
    const loss = contrastive();
    // @ts-expect-error both are needed
    expect(() => regularized({})).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: regularized: loss must be a loss, such as arcFace(…). Call the factory and pass what it gives. [ERR_OPTION]]`,
    );
    // @ts-expect-error the factory is no regulariser
    expect(() => regularized({ loss, regularizer: 'lp' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: regularized: regularizer must be a regulariser, such as lp(), but got 'lp'. Call the factory and pass what it gives. [ERR_OPTION]]`,
    );
    expect(() => regularized({ loss, regularizer: lp(), weight: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: regularized: weight must be a finite number, 0 or more, but got -1. Leave weight out to use the default. [ERR_OPTION]]`,
    );
    expect(() => regularized({ loss, regularizer: lp(), of: 'weights' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: regularized: the loss must own weights to price, but got 'contrastive'. Call the factory and pass what it gives. [ERR_OPTION]]`,
    );
  });
});
