import { expect, test } from 'vitest';
import { broadcastStrides } from './broadcast-strides.ts';

test('joins axes that lie one after the other in both operands', () => {
  expect(broadcastStrides([2, 3, 4], [2, 3, 4], [2, 3, 4])).toEqual({
    sizes: [1, 1, 1, 24],
    a: [0, 0, 0, 1],
    b: [0, 0, 0, 1],
  });
  expect(broadcastStrides([2, 3, 4], [2, 3, 4], [4])).toEqual({
    sizes: [1, 1, 6, 4],
    a: [0, 0, 4, 1],
    b: [0, 0, 0, 1],
  });
  expect(broadcastStrides([2, 3, 4], [2, 3, 4], [])).toEqual({
    sizes: [1, 1, 1, 24],
    a: [0, 0, 0, 1],
    b: [0, 0, 0, 0],
  });
  expect(broadcastStrides([5, 5, 7], [5, 1, 7], [1, 5, 7])).toEqual({
    sizes: [1, 5, 5, 7],
    a: [0, 7, 0, 1],
    b: [0, 0, 7, 1],
  });
  expect(broadcastStrides([], [], [])).toEqual({ sizes: [1, 1, 1, 1], a: [0, 0, 0, 0], b: [0, 0, 0, 0] });
});

test('gives up beyond four loops', () => {
  expect(broadcastStrides([2, 2, 2, 2, 2], [2, 1, 2, 1, 2], [1, 2, 1, 2, 1])).toBeUndefined();
});
