import { cosine, innerProduct } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, logSumExp, meanOf, partners } from '../test/pairs.ts';
import golden from './n-pairs.golden.json' with { type: 'json' };
import { nPairs, type NPairsOptions } from './n-pairs.ts';

/** The equation by loops over positive pairs. */
function oracle(input: LossOracleInput, { distance }: NPairsOptions): number {
  return meanOf(
    partners(input, distance?.name ?? 'inner-product').flatMap(({ positives, negatives }) =>
      positives.map((p) => logSumExp([0, ...negatives.map(({ d }) => p.d - d)])),
    ),
  );
}

testLoss(
  nPairs,
  {
    oracle,
    worked: [
      // Products: positive 2, negative 3 of anchor 0; positive 2, negative 6 of anchor 1.
      {
        labels: [0, 0, 1],
        rows: [[1], [2], [3]],
        value: (Math.log1p(Math.exp(1)) + Math.log1p(Math.exp(4))) / 2,
      },
    ],
    options: [{}, { distance: cosine() }],
    golden: goldenOf<NPairsOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('nPairs', () => {
  test('is the multi-class N-pair loss with one pair a class', () => {
    // Logits of the anchors (1, 2) against the positives (3, 5): cross entropy over [3, 5] for the first, [6, 10] for the second.
    const labels = tensor1d([0, 1]);
    const column = (...x: number[]): Tensor2D => tensor2d(x, [x.length, 1]);
    const value = tidy(() => nPairs()(labels, column(1, 2), { labels, embeddings: column(3, 5) }).dataSync()[0]!);
    expect(value).toBeCloseTo((Math.log1p(Math.exp(2)) + Math.log1p(Math.exp(-4))) / 2, 5);
  });

  test('has its distance, and tells its options', () => {
    const distance = innerProduct();
    expect(nPairs({ distance }).distance).toBe(distance);
    expect(nPairs().options).toEqual({ distance: 'inner-product' });
  });

  test('says what is wrong with an option', () => {
    // @ts-expect-error it has none
    expect(() => nPairs({ l2: 0.02 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: n-pairs: options are distance, miner, reduce, but got 'l2'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
