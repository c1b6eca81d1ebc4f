import { pairMatrix, pointers, sumOfValid } from '@simile/core';
import { euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import {
  setBackend,
  tensor1d,
  tensor2d,
  transpose,
  valueAndGrad,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { logSumExp, meanOf, partners } from '../test/pairs.ts';
import golden from './instance.golden.json' with { type: 'json' };
import { instance, type InstanceOptions } from './instance.ts';

/** Cross entropy of recognising what belongs to a row, itself within a batch, by loops. */
function oracle(input: LossOracleInput, { scale = 64, distance, reduce }: InstanceOptions): number {
  const within = input.columns === input.rows;
  const costs = partners(input, distance?.name ?? 'cosine').flatMap(({ positives, negatives }) => {
    const own = [...positives.map(({ d }) => -scale * d), ...(within ? [0] : [])]; // a row is at distance 0 of itself
    if (own.length === 0) return [];
    return [logSumExp([...own, ...negatives.map(({ d }) => -scale * d)]) - meanOf(own)];
  });
  return reduce === sumOfValid ? costs.reduce((a, b) => a + b, 0) : meanOf(costs);
}

testLoss(
  instance,
  {
    oracle,
    worked: [
      // Itself at s = 1, the other at 0.
      {
        options: { scale: 1 },
        labels: [0, 1],
        rows: [
          [1, 0],
          [0, 1],
        ],
        value: Math.log1p(Math.exp(-1)),
      },
      // Alone: nothing to be taken for.
      { labels: [3], rows: [[1, 2]], value: 0 },
    ],
    options: [{ scale: 4 }, { scale: 1, distance: euclidean(), reduce: sumOfValid }],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('instance', () => {
  // Theirs takes column r for right, r the rank of the row's label among all labels: some other row, unless labels are 0, 1, 2, … in
  // this order, as in the paper. Ours takes the row itself and those of its label, and any column that a relation names.
  test.each(golden.cases)(
    'gives the recorded numbers where a pair matrix names the column that theirs takes: $name',
    ({ scale, columns, rows, value: wanted, gradient }) => {
      const named = pointers(tensor1d(columns, 'int32'), rows.length) as Tensor2D;
      const { value, grad } = valueAndGrad((x: Tensor) =>
        instance({ scale })(pairMatrix(named), x as Tensor2D, {
          labels: pairMatrix(transpose(named)),
          embeddings: x as Tensor2D,
        }),
      )(tensor2d(rows));
      expect(Math.abs(value.dataSync()[0]! - wanted)).toBeLessThan(1e-5 * Math.max(1, wanted));
      const most = Math.max(1, ...gradient.map(Math.abs));
      grad.dataSync().forEach((x, i) => expect(Math.abs(x - gradient[i]!)).toBeLessThan(1e-5 * most));
    },
  );

  test('matches images with their texts, given as a reference in any order', () => {
    const images = tensor2d([
      [1, 0],
      [0, 1],
    ]);
    const texts = tensor2d([
      [0, 5],
      [5, 0],
    ]);
    const value = instance({ scale: 1 })(tensor1d([4, 8]), images, { labels: tensor1d([8, 4]), embeddings: texts });
    expect(value.dataSync()[0]).toBeCloseTo(Math.log1p(Math.exp(-1)), 6);
  });

  test('has its distance, and tells its options', () => {
    expect(instance().distance!.name).toBe('cosine');
    expect(instance().options).toEqual({ scale: 64, distance: 'cosine' });
  });

  test('says what is wrong with an option', () => {
    expect(() => instance({ scale: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: instance: scale must be a finite number above 0, but got 0. Leave scale out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error named scale here
    expect(() => instance({ gamma: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: instance: options are scale, distance, reduce, but got 'gamma'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
