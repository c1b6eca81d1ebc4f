import { createRegistry } from '@simile/core';
import { tensor1d, tensor2d } from '@simile/core/ops';
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import plugin from './plugin.ts';

const registry = createRegistry([plugin]);
const value = (id: string, rows: number[][]): number =>
  registry
    .loss(id)(tensor1d([0, 0, 1], 'int32'), tensor2d(rows))
    .dataSync()[0]!;

test('springs pull by the square of their length, charges push by one over it', () => {
  // Positives at 2: 2². Negatives at 3 and 1: 0.2 / 3.1 and 0.2 / 1.1, in the mean.
  expect(value('springs-and-charges', [[0], [2], [3]])).toBeCloseTo(4 + (0.2 / 3.1 + 0.2 / 1.1) / 2, 5);
});

test('the loss that only pulls sees nothing but positives', () => {
  expect(
    value('only-pull', [
      [1, 0],
      [0, 1],
      [5, 5],
    ]),
  ).toBeCloseTo(1, 6); // at right angles
});
