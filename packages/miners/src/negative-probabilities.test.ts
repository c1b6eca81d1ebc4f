import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { negativeProbabilities } from './negative-probabilities.ts';

beforeAll(() => setBackend('cpu'));

const labels = tensor1d([0, 1, 2], 'int32');
const table = (ab: number, ac: number, bc: number) =>
  tensor2d([
    [0, ab, ac],
    [ab, 0, bc],
    [ac, bc, 0],
  ]);

test('weighs by 1/d in three dimensions', () => {
  const got = negativeProbabilities(labels, table(1, 1.25, 1), { dimension: 3 });
  // Row 0: 1/1 against 1/1.25 = 0.8; row 1: 1 against 1.
  const wanted = [0, 1 / 1.8, 0.8 / 1.8, 0.5, 0, 0.5, 0.8 / 1.8, 1 / 1.8, 0];
  wanted.forEach((p, at) => expect(got[at]).toBeCloseTo(p, 12));
});

test('weighs by the density of the sphere in five dimensions', () => {
  // d⁻³ (1 − d²/4)⁻¹: at 1 it is 4/3, at ½ it is 8·16/15.
  const got = negativeProbabilities(labels, table(1, 0.5, 1), { dimension: 5 });
  const [one, half] = [4 / 3, 128 / 15];
  expect(got[1]).toBeCloseTo(one / (one + half), 12);
  expect(got[2]).toBeCloseTo(half / (one + half), 12);
});

test('takes what is nearer than nearest for nearest, and nothing from farthest on', () => {
  const options = { dimension: 3, nearest: 0.5, farthest: 1 };
  const got = negativeProbabilities(labels, table(0.0625, 0.5, 1), options);
  expect([...got]).toEqual([0, 0.5, 0.5, 1, 0, 0, 1, 0, 0]);
});

test('reads other distances of unit rows', () => {
  const from = (metric: 'cosine' | 'squared-euclidean', factor: number): Float64Array =>
    negativeProbabilities(labels, table(factor, factor * 1.5625, factor), { dimension: 3, metric });
  for (const got of [from('squared-euclidean', 1), from('cosine', 0.5)]) {
    expect(got[1]).toBeCloseTo(1 / 1.8, 12);
  }
});

test('weighs in 512 dimensions without overflow', () => {
  const got = negativeProbabilities(labels, table(0.001, 1.3, 1.2), { dimension: 512, nearest: 0.001 });
  expect([...got].every((p) => p >= 0 && p <= 1)).toBe(true);
  expect(got[1]).toBe(1);
});

test('says what is wrong with its options', () => {
  const at = (options: object) => () => negativeProbabilities(labels, table(1, 1, 1), options as { dimension: number });
  expect(at({})).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: negative-probabilities: dimension must be given. Say how wide the embeddings are. [ERR_OPTION]]`,
  );
  expect(at({ dimension: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: negative-probabilities: dimension must be a whole number of at least 2, but got 1. Leave dimension out to use the default. [ERR_OPTION]]`,
  );
  expect(at({ dimension: 3, farthest: 3 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: negative-probabilities: farthest must be a number from 0.001 to 2, but got 3. Leave farthest out to use the default. [ERR_OPTION]]`,
  );
  expect(at({ dimension: 3, nearest: 1, farthest: 1 })).toThrow('nearest must be below farthest');
  expect(at({ dimension: 3, nearest: 1.5 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: negative-probabilities: nearest must be below farthest, or no negative could be drawn, but got [1.5, 1.4]. Leave both out to use the defaults. [ERR_OPTION]]`,
  );
});
