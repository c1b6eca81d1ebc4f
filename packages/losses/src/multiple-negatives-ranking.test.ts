import { cosine, innerProduct } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, logSumExp, meanOf, partners } from '../test/pairs.ts';
import golden from './multiple-negatives-ranking.golden.json' with { type: 'json' };
import { multipleNegativesRanking, type MultipleNegativesRankingOptions } from './multiple-negatives-ranking.ts';

/** Cross entropies by loops over positive pairs; the other direction with rows and columns changed about. */
function oracle(input: LossOracleInput, options: MultipleNegativesRankingOptions): number {
  const { scale = 20, symmetric = false, distance } = options;
  const rank = (one: LossOracleInput): number =>
    meanOf(
      partners(one, distance?.name ?? 'cosine').flatMap(({ positives, negatives }) => {
        const others = negatives.map(({ d }) => -scale * d);
        return positives.map(({ d }) => logSumExp([-scale * d, ...others]) + scale * d);
      }),
    );
  if (!symmetric) return rank(input);
  const { rows, columns, same } = input;
  return (rank(input) + rank({ rows: columns, columns: rows, same: (i, j) => same(j, i) })) / 2;
}

testLoss(
  multipleNegativesRanking,
  {
    oracle,
    worked: [
      // Anchors 0 and 1: the positive at s = 1, the negative at s = 0.
      {
        options: { scale: 2 },
        labels: [0, 0, 1],
        rows: [
          [1, 0],
          [2, 0],
          [0, 1],
        ],
        value: Math.log1p(Math.exp(-2)),
      },
    ],
    options: [{}, { scale: 5, symmetric: true }, { scale: 0.5, distance: innerProduct() }],
    golden: goldenOf<MultipleNegativesRankingOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('multipleNegativesRanking', () => {
  // Products of (1, 2) with (3, 5): [[3, 5], [6, 10]], whose columns differ from their rows.
  const valueOf = (options: MultipleNegativesRankingOptions): number =>
    tidy(() => {
      const labels = tensor1d([0, 1]);
      const reference = { labels, embeddings: tensor2d([[3], [5]]) };
      const loss = multipleNegativesRanking({ scale: 0.5, distance: innerProduct(), ...options });
      return loss(labels, tensor2d([[1], [2]]), reference).dataSync()[0]!;
    });
  const softplus = (x: number): number => Math.log1p(Math.exp(x));
  const forth = (softplus((5 - 3) / 2) + softplus((6 - 10) / 2)) / 2;
  const back = (softplus((6 - 3) / 2) + softplus((5 - 10) / 2)) / 2;

  test('ranks the positives for each anchor', () => {
    expect(valueOf({})).toBeCloseTo(forth, 5);
  });

  test('ranks the anchors for each positive too when symmetric', () => {
    expect(valueOf({ symmetric: true })).toBeCloseTo((forth + back) / 2, 5);
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(multipleNegativesRanking({ distance }).distance).toBe(distance);
    expect(multipleNegativesRanking().options).toEqual({ scale: 20, symmetric: false, distance: 'cosine' });
  });

  test('says what is wrong with an option', () => {
    expect(() => multipleNegativesRanking({ scale: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multiple-negatives-ranking: scale must be a finite number above 0, but got 0. Leave scale out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not true or false
    expect(() => multipleNegativesRanking({ symmetric: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multiple-negatives-ranking: symmetric must be one of true, false, but got 1. Leave symmetric out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another loss
    expect(() => multipleNegativesRanking({ temperature: 0.05 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multiple-negatives-ranking: options are scale, symmetric, distance, miner, reduce, but got 'temperature'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
