import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor1d, tensor2d, tensor3d, zeros, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { checkDistances, readPairs } from './read-pairs.ts';

beforeAll(() => setBackend('cpu'));

test('reads distances and masks, within a batch and against a reference', () => {
  const within = readPairs(
    'x',
    tensor1d([0, 0]),
    tensor2d([
      [0, 1],
      [1, 0],
    ]),
  );
  expect([within.n, within.m, ...within.positive, ...within.negative]).toEqual([2, 2, 0, 1, 1, 0, 0, 0, 0, 0]);
  const against = readPairs('x', tensor1d([0]), tensor2d([[3, 4]]), tensor1d([1, 0]));
  expect([against.n, against.m, ...against.distances, ...against.positive]).toEqual([1, 2, 3, 4, 0, 1]);
});

test('says what is wrong with distances', () => {
  expect(() => checkDistances('x', tensor2d([[1, 2]]), true)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: x: distances must have shape [n, n], from each row to each, but got [1, 2]. Pass what the distance gives; where it compares with a reference, pass its labels as well. [ERR_SHAPE]]`,
  );
  expect(() => checkDistances('x', zeros([0, 2]) as Tensor2D, false)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: x: distances must have shape [n, m], from each row to each of the reference, but got [0, 2]. Pass what the distance gives; where it compares with a reference, pass its labels as well. [ERR_SHAPE]]`,
  );
  expect(() => checkDistances('x', tensor3d([[[1]]]) as unknown as Tensor2D, false)).toThrow('but got [1, 1, 1]');
  expect(() => checkDistances('x', tensor2d([[1]], [1, 1], 'int32'), true)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: x: distances must be float32, but got 'int32'. Convert with cast('float32'). [ERR_DTYPE]]`,
  );
});
