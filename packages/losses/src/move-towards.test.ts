import '@tensorflow/tfjs-backend-cpu';
import { memory, scalar, setBackend, tensor2d, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { moveTowards } from './move-towards.ts';

beforeAll(() => setBackend('cpu'));

describe('moveTowards', () => {
  test('keeps a share of each target and takes the rest from the network in training', () => {
    const slow = [variable(scalar(1)), variable(tensor2d([[0, 8]]))];
    const fast = [variable(scalar(5)), variable(tensor2d([[4, -8]]))];
    const before = memory().numTensors;
    moveTowards(slow, fast, { momentum: 0.75 });
    expect(slow.map((x) => [...x.dataSync()])).toEqual([[2], [1, 4]]);
    expect(fast.map((x) => [...x.dataSync()])).toEqual([[5], [4, -8]]);
    expect(memory().numTensors).toBe(before);
  });

  test('moves by 0.4 % without options, and not at all or all the way at the ends', () => {
    const [slow, fast] = [variable(scalar(0)), variable(scalar(1000))];
    moveTowards([slow], [fast]);
    expect(slow.dataSync()[0]).toBeCloseTo(4, 4);
    moveTowards([slow], [fast], { momentum: 1 });
    expect(slow.dataSync()[0]).toBeCloseTo(4, 4);
    moveTowards([slow], [fast], { momentum: 0 });
    expect(slow.dataSync()[0]).toBe(1000);
  });

  test('says what does not fit, and changes nothing', () => {
    const [slow, fast] = [variable(scalar(0)), variable(tensor2d([[1]]))];
    expect(() => moveTowards([slow], [fast])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: move-towards: targets must have the shapes of the weights that they follow, [1, 1], but got '[]'. Build both networks alike, and list their weights in the same order. [ERR_SHAPE]]`,
    );
    expect(() => moveTowards([], [fast])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: move-towards: targets must have the shapes of the weights that they follow, [1, 1], but got 'none'. Build both networks alike, and list their weights in the same order. [ERR_SHAPE]]`,
    );
    expect(() => moveTowards([slow], [slow], { momentum: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: move-towards: momentum must be a number from 0 to 1, but got 2. Leave momentum out to use the default. [ERR_OPTION]]`,
    );
    expect(slow.dataSync()[0]).toBe(0);
  });
});
