import { pairMasks, type Miner, type Pairs, type Triplets } from '@simile/core';
import { euclidean, innerProduct } from '@simile/distances';
import { testLoss } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { multiSimilarityTest } from '../test/multi-similarity-test.ts';
import { multiSimilarity, type MultiSimilarityOptions } from './multi-similarity.ts';

testLoss(multiSimilarity, { ...multiSimilarityTest, backends: ['cpu', 'wasm'] }, { test });

beforeAll(() => setBackend('cpu'));

const rows = (): Tensor2D =>
  tensor2d([
    [1, 0],
    [0.6, 0.8],
    [0, 1],
    [-0.8, 0.6],
  ]);
const valueOf = (options: MultiSimilarityOptions, labels: number[], x: Tensor2D = rows()): number =>
  tidy(() => multiSimilarity(options)(tensor1d(labels, 'int32'), x).dataSync()[0]!);

describe('multiSimilarity', () => {
  test('keeps a pair at exactly what the margin of the mining says', () => {
    // The anchor (1, 0) has a positive at d = 0.4 and negatives at 1 and 1.8. With ε = 0.5 the positive (0.4 > 1 − 0.5 is false) goes.
    // With ε = 0.7 it stays, and the nearest negative (1 < 0.4 + 0.7) does, the other (1.8) does not.
    const loss = (epsilon: number): number =>
      tidy(
        () =>
          multiSimilarity({ epsilon, beta: 2 })(tensor1d([0]), tensor2d([[1, 0]]), {
            labels: tensor1d([0, 1, 1]),
            embeddings: tensor2d([
              [0.6, 0.8],
              [0, 1],
              [-0.8, 0.6],
            ]),
          }).dataSync()[0]!,
      );
    expect(loss(0.5)).toBe(0);
    expect(loss(0.7)).toBeCloseTo(Math.log(1 + Math.exp(-0.2)) / 2 + Math.log(1 + Math.exp(-1)) / 2, 6);
  });

  test('takes every pair of a miner, also of rows that lack a side', () => {
    const all: Miner<Pairs> = (labels, d) => ({ kind: 'pairs', ...pairMasks(labels, d.shape[0]) });
    // Rows (1, 0) and (0, 1) of one class, no negatives: ½ log(1 + e^(2·0.5)) each, of 2 rows.
    expect(
      valueOf(
        { miner: all },
        [7, 7],
        tensor2d([
          [1, 0],
          [0, 1],
        ]),
      ),
    ).toBeCloseTo(Math.log(1 + Math.E) / 2, 6);
    expect(
      valueOf(
        {},
        [7, 7],
        tensor2d([
          [1, 0],
          [0, 1],
        ]),
      ),
    ).toBe(0);
  });

  test('reads triplets of a miner as their pairs', () => {
    const triplets: Miner<Triplets> = () => ({
      kind: 'triplets',
      anchors: Int32Array.of(0, 0),
      positives: Int32Array.of(1, 1),
      negatives: Int32Array.of(2, 3),
    });
    const pairs: Miner<Pairs> = () => ({
      kind: 'pairs',
      positive: tensor2d([
        [0, 1, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ]),
      negative: tensor2d([
        [0, 0, 1, 1],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ]),
    });
    // Positive at s = 0.6, negatives at 0 and −0.8.
    const wanted = Math.log(1 + Math.exp(-0.2)) / 2 + Math.log(1 + Math.exp(-1) + Math.exp(-2.6)) / 2;
    expect(valueOf({ miner: triplets, beta: 2 }, [0, 0, 1, 1])).toBeCloseTo(wanted, 6);
    expect(valueOf({ miner: pairs, beta: 2 }, [0, 0, 1, 1])).toBeCloseTo(wanted, 6);
  });

  test('takes inner products with center 0', () => {
    // s = a·b. Anchor 0: positive s = 2, negative s = 3; anchor 1: 2 and 6; anchor 2 has no positive.
    const x = tensor2d([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    const cost = (positive: number, negative: number): number =>
      Math.log(1 + Math.exp(-(positive - 0.5))) + Math.log(1 + Math.exp(negative - 0.5));
    const got = valueOf({ distance: innerProduct(), center: 0, alpha: 1, beta: 1 }, [0, 0, 1], x);
    expect(got).toBeCloseTo((cost(2, 3) + cost(2, 6)) / 2, 5);
  });

  test('stays exact where an exponential would overflow', () => {
    // Rows 50 apart at beta 40: e^2000 in the negatives of center 100.
    const x = tensor2d([[0], [1], [2]]);
    // Anchor 0: s to 1 is 99, to 2 is 98; anchor 1: both 99; λ = 0.5, α = 2, so positives vanish.
    const got = valueOf({ distance: euclidean(), center: 100, epsilon: 5 }, [0, 0, 1], x);
    expect(got).toBeCloseTo((97.5 + 98.5) / 2, 4);
  });

  test('has its distance, for the index of a trained model', () => {
    const distance = euclidean();
    expect(multiSimilarity({ distance }).distance).toBe(distance);
    expect(multiSimilarity().options).toEqual({
      alpha: 2,
      beta: 40,
      epsilon: 0.1,
      lambda: 0.5,
      center: 1,
      distance: 'cosine',
    });
  });

  test('says what is wrong with an option', () => {
    expect(() => multiSimilarity({ alpha: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-similarity: alpha must be a finite number above 0, but got 0. Leave alpha out to use the default. [ERR_OPTION]]`,
    );
    expect(() => multiSimilarity({ beta: Infinity })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-similarity: beta must be a finite number above 0, but got Infinity. Leave beta out to use the default. [ERR_OPTION]]`,
    );
    expect(() => multiSimilarity({ epsilon: -0.1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-similarity: epsilon must be a finite number, 0 or more, but got -0.1. Leave epsilon out to use the default. [ERR_OPTION]]`,
    );
    expect(() => multiSimilarity({ lambda: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-similarity: lambda must be a finite number, but got NaN. Leave lambda out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => multiSimilarity({ lmda: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-similarity: options are alpha, beta, epsilon, lambda, center, distance, miner, reduce, but got 'lmda'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
