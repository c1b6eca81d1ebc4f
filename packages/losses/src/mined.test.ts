import type { Pairs, Triplets } from '@simile/core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { memory, ones, setBackend, tensor1d, tensor2d, tidy, zeros, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { mined, minedMasks } from './mined.ts';

beforeAll(() => setBackend('cpu'));

const labels = tensor1d([0, 1]);
const others = tensor1d([0, 1, 1]);
const d = tensor2d([
  [1, 2, 3],
  [4, 5, 6],
]);
const pairs = (positive: number[], negative: number[]): Pairs => ({
  kind: 'pairs',
  positive: zeros(positive as [number, number]),
  negative: ones(negative as [number, number]),
});
const triplets = (anchors: number[], positives: number[], negatives: number[]): Triplets => ({
  kind: 'triplets',
  anchors: Int32Array.from(anchors),
  positives: Int32Array.from(positives),
  negatives: Int32Array.from(negatives),
});

test('gives the masks of a miner, or those of its triplets, and leaves nothing else', () => {
  const before = memory().numTensors;
  tidy(() => {
    const kept = mined('x', () => pairs([2, 3], [2, 3]), d, labels, others) as Pairs;
    expect([...kept.positive.dataSync(), ...kept.negative.dataSync()]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    const { positive, negative } = minedMasks('x', () => triplets([0, 1, 1], [0, 1, 2], [1, 0, 0]), d, labels, others);
    expect(positive.arraySync()).toEqual([
      [1, 0, 0],
      [0, 1, 1],
    ]);
    expect(negative.arraySync()).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });
  expect(memory().numTensors).toBe(before);
});

test.each([
  ['rows', [3, 3]],
  ['columns', [2, 2]],
  ['rank', [6]],
])('refuses masks of other %s', (_, shape) => {
  const call = (kept: Pairs): unknown => tidy(() => (mined('x', () => kept, d, labels, others) as Pairs).positive);
  expect(() => call(pairs(shape, [2, 3]))).toThrow(
    `x: masks of a miner must have shape [2, 3], that of the distances, but got [${shape.join(', ')}]. Return one number a pair, 0 or 1. [ERR_SHAPE]`,
  );
  expect(() => call(pairs([2, 3], shape))).toThrow('that of the distances');
});

test.each([
  [[2], [0], [0]],
  [[-1], [0], [0]],
  [[0], [3], [0]],
  [[0], [0], [3]],
  [[0, 1], [0], [1, 1]],
])('refuses triplets %j, %j, %j, which the distances do not have', (anchors, positives, negatives) => {
  const call = (): unknown => mined('x', () => triplets(anchors, positives, negatives), d as Tensor2D, labels, others);
  expect(call).toThrow(
    'x: triplets of a miner must be three lists of one length, of rows from 0 to 1 and columns from 0 to 2',
  );
});

test('tells from where to where triplets go', () => {
  const call = (): unknown => mined('x', () => triplets([0, 1], [0, 5], [1, 2]), d, labels, others);
  expect(call).toThrow("but got ['2 from 0 to 1', '2 from 0 to 5', '2 from 1 to 2']");
});
