import { expect, test } from 'vitest';
import { evaluateForeign } from './foreign.ts';

test('points go out as plain numbers, and distances are Euclidean', async () => {
  const asked: unknown[] = [];
  const foreign = {
    losses: ['mine'],
    evaluate: async (...question: unknown[]) => {
      asked.push(question);
      return {
        value: 2,
        gradient: [
          [1, 0],
          [0, 1],
        ],
      };
    },
  };
  const found = await evaluateForeign(foreign, 'mine', Int32Array.of(0, 1), [
    [0, 0],
    [3, 4],
  ]);
  expect(asked).toEqual([
    [
      'mine',
      [0, 1],
      [
        [0, 0],
        [3, 4],
      ],
    ],
  ]);
  expect(found).toEqual({
    value: 2,
    gradient: [
      [1, 0],
      [0, 1],
    ],
    distances: Float32Array.of(0, 5, 5, 0),
    weights: [],
  });
});
