import { meanOfAll, type Pairs, type Triplets } from '@simile/core';
import { cosine, euclidean, snr } from '@simile/distances';
import { testLoss } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import {
  memory,
  setBackend,
  tensor1d,
  tensor2d,
  tidy,
  valueAndGrad,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { tripletMarginTest } from '../test/triplet-margin-test.ts';
import { tripletMargin, type TripletMarginOptions } from './triplet-margin.ts';

testLoss(tripletMargin, { ...tripletMarginTest, backends: ['cpu'] }, { test });
// On wasm those that meet every operation: the defaults, all triplets, semi-hard ones of all positives, and swap.
const onWasm = [0, 4, 5, 9].map((at) => tripletMarginTest.options![at]!);
testLoss(tripletMargin, { ...tripletMarginTest, options: onWasm, backends: ['wasm'] }, { test });

beforeAll(() => setBackend('cpu'));

const line = (...x: number[]): Tensor2D => tensor2d(x, [x.length, 1]);
const valueOf = (options: TripletMarginOptions, labels: number[], rows: Tensor2D): number =>
  tidy(() => tripletMargin(options)(tensor1d(labels, 'int32'), rows).dataSync()[0]!);

describe('tripletMargin', () => {
  test('grows with the margin', () => {
    const values = [0, 0.1, 1, 5].map((margin) =>
      valueOf({ margin, distance: euclidean() }, [0, 0, 1, 1], line(0, 2, 3, 7)),
    );
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values[0]).toBeLessThan(values[3]!);
  });

  test('costs 0 when classes are farther apart than the margin', () => {
    expect(valueOf({ margin: 1, distance: euclidean() }, [0, 0, 1, 1], line(0, 1, 10, 11))).toBe(0);
  });

  test('divides by all anchors with meanOfAll', () => {
    // Anchors 0 and 1 cost 3 and 7 − √10, anchor 2 has no positive.
    const rows = tensor2d([
      [0, 0],
      [3, 4],
      [0, 3],
    ]);
    const options = { margin: 1, negatives: 'hard', distance: euclidean() } as const;
    expect(valueOf({ ...options, reduce: meanOfAll }, [0, 0, 1], rows)).toBeCloseTo((9 - Math.sqrt(10)) / 3, 5);
  });

  test('takes the triplets of a miner as they are', () => {
    const miner = (): Triplets => ({
      kind: 'triplets',
      anchors: Int32Array.of(0, 3, 0),
      positives: Int32Array.of(1, 2, 1),
      negatives: Int32Array.of(2, 0, 3),
    });
    // 2 − 3 + 2, 4 − 7 + 2 < 0, 2 − 7 + 2 < 0
    expect(valueOf({ margin: 2, distance: euclidean(), miner }, [0, 0, 1, 1], line(0, 2, 3, 7))).toBeCloseTo(1 / 3, 6);
  });

  test('costs 0, with gradient 0, when a miner keeps no triplet', () => {
    const none = new Int32Array();
    const loss = tripletMargin({
      miner: () => ({ kind: 'triplets', anchors: none, positives: none, negatives: none }),
    });
    const labels = tensor1d([0, 0, 1]);
    const before = memory().numTensors;
    const x = tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const { value, grad } = valueAndGrad((rows: Tensor) => loss(labels, rows as Tensor2D))(x);
    expect(value.dataSync()[0]).toBe(0);
    expect([...grad.dataSync()].every((slope) => slope === 0)).toBe(true);
    for (const made of [x, value, grad]) made.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test('chooses among the pairs that a miner keeps', () => {
    // Of the negatives only the last column is kept.
    const miner = (): Pairs => ({
      kind: 'pairs',
      positive: tensor2d([
        [0, 1, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ]),
      negative: tensor2d([
        [0, 0, 0, 1],
        [0, 0, 0, 1],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ]),
    });
    // Anchor 0: 2 − 7 + 6 = 1; anchor 1: 2 − 5 + 6 = 3; the others keep nothing.
    const options = { margin: 6, negatives: 'hard', distance: euclidean(), miner } as const;
    expect(valueOf(options, [0, 0, 1, 1], line(0, 2, 3, 7))).toBe(2);
  });

  test('tells a miner the distances and the labels of the reference', () => {
    const seen: unknown[] = [];
    const loss = tripletMargin({
      distance: euclidean(),
      miner: (labels, distances, others) => {
        seen.push(labels, distances.arraySync(), others);
        const zero = Int32Array.of(0);
        return { kind: 'triplets', anchors: zero, positives: zero, negatives: Int32Array.of(1) };
      },
    });
    const [labels, others] = [tensor1d([0]), tensor1d([0, 1])];
    loss(labels, line(1), { labels: others, embeddings: line(4, 0) }).dispose();
    expect(seen).toEqual([labels, [[3, 1]], others]);
  });

  test('has its distance, for the index of a trained model', () => {
    const distance = snr();
    expect(tripletMargin({ distance }).distance).toBe(distance);
    expect(tripletMargin().distance!.name).toBe(cosine().name);
    expect(tripletMargin({ soft: true }).options).toEqual({
      margin: 0,
      soft: true,
      positives: 'hard',
      negatives: 'semi-hard',
      swap: false,
      distance: 'cosine',
    });
  });

  test('says what is wrong with an option', () => {
    expect(() => tripletMargin({ margin: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: triplet-margin: margin must be a finite number, 0 or more, but got -1. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    expect(() => tripletMargin({ margin: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: triplet-margin: margin must be a finite number, 0 or more, but got NaN. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not a strategy
    expect(() => tripletMargin({ positives: 'semi-hard' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: triplet-margin: positives must be one of 'hard', 'easy', 'all', but got 'semi-hard'. Leave positives out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not a strategy
    expect(() => tripletMargin({ negatives: 'hardest' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: triplet-margin: negatives must be one of 'semi-hard', 'hard', 'easy', 'all', but got 'hardest'. Leave negatives out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => tripletMargin({ margins: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: triplet-margin: options are margin, soft, positives, negatives, swap, distance, miner, reduce, but got 'margins'. Check the spelling. [ERR_OPTION]]`,
    );
  });

  test('says what is wrong with what a miner keeps', () => {
    const [labels, rows] = [
      tensor1d([0, 0, 1]),
      tensor2d([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ];
    const one = Int32Array.of(0);
    const outside = tripletMargin({
      miner: () => ({ kind: 'triplets', anchors: one, positives: one, negatives: Int32Array.of(3) }),
    });
    expect(() => outside(labels, rows)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: triplet-margin: triplets of a miner must be three lists of one length, of rows from 0 to 2 and columns from 0 to 2, but got ['1 from 0 to 0', '1 from 0 to 0', '1 from 3 to 3']. Let the miner choose among the distances that it is given. [ERR_SHAPE]]`,
    );
    const narrow = tripletMargin({
      miner: () => ({ kind: 'pairs', positive: tensor2d([[1, 0]]), negative: tensor2d([[0, 1]]) }),
    });
    expect(() => narrow(labels, rows)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: triplet-margin: masks of a miner must have shape [3, 3], that of the distances, but got [1, 2]. Return one number a pair, 0 or 1. [ERR_SHAPE]]`,
    );
  });
});
