import type { Miner, Pairs, Triplets } from '@simile/core';
import { cosine, euclidean } from '@simile/distances';
import { contrastive, margin, tripletMargin } from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { memory, setBackend, tensor1d, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, expectTypeOf, test } from 'vitest';
import { createIndex } from '@simile/index';
import { batchHard, distanceWeighted, hardNegativeMiner, pairMarginMiner, tripletMarginMiner } from './index.ts';

beforeAll(() => setBackend('cpu'));

test('pairs and triplets are different types, and the compiler keeps them apart', () => {
  expectTypeOf(batchHard()).toEqualTypeOf<Miner<Triplets>>();
  expectTypeOf(pairMarginMiner()).toEqualTypeOf<Miner<Pairs>>();
  // @ts-expect-error triplets where pairs are wanted
  const pairs: Miner<Pairs> = batchHard();
  // @ts-expect-error pairs where triplets are wanted
  const triplets: Miner<Triplets> = pairMarginMiner();
  expect([pairs, triplets].every((miner) => typeof miner === 'function')).toBe(true);
});

test('a loss takes either, and nothing else', () => {
  expectTypeOf(batchHard()).toExtend<NonNullable<Parameters<typeof tripletMargin>[0]>['miner']>();
  expectTypeOf(pairMarginMiner()).toExtend<NonNullable<Parameters<typeof contrastive>[0]>['miner']>();
  // @ts-expect-error a distance is no miner
  expect(typeof tripletMargin({ miner: cosine() })).toBe('function');
  // @ts-expect-error the miner of a data set is no miner of a batch
  expect(typeof tripletMargin({ miner: hardNegativeMiner({ index: createIndex() }) })).toBe('function');
  // @ts-expect-error the factory is no miner
  expect(typeof contrastive({ miner: pairMarginMiner })).toBe('function');
});

// Points 0, 2, 3 on a line, the first two of one class: triplets (0, 1, 2) with 2 against 3 and (1, 0, 2) with 2 against 1.
const labels = (): ReturnType<typeof tensor1d> => tensor1d([0, 0, 1], 'int32');
const rows = (): Tensor2D => tensor2d([[0], [2], [3]]);

test.each([
  // 2 − 3 + 2 = 1 and 2 − 1 + 2 = 3.
  ['batchHard in tripletMargin', tripletMargin({ margin: 2, distance: euclidean(), miner: batchHard() }), 2],
  // Only the second is hard.
  [
    'tripletMarginMiner in tripletMargin',
    tripletMargin({ margin: 2, distance: euclidean(), miner: tripletMarginMiner({ triplets: 'hard' }) }),
    3,
  ],
  // Positives at 2, of power 1; the negatives at 1, 2 − 1 = 1.
  [
    'pairMarginMiner in contrastive',
    contrastive({ power: 1, negativeMargin: 2, miner: pairMarginMiner({ positiveMargin: 0, negativeMargin: 2 }) }),
    3,
  ],
  // Every pair of the triplets: d = 2 twice (2 − 1.2 + 0.2 = 1), 3 (no cost) and 1 (0.4): (1 + 1 + 0.4) / 3.
  ['batchHard in margin', margin({ miner: batchHard() }), 0.8],
])('%s costs what paper says', (_, loss, wanted) => {
  const [ids, x] = [labels(), rows()];
  const before = memory().numTensors;
  const value = loss(ids, x);
  expect(value.dataSync()[0]).toBeCloseTo(wanted, 5);
  value.dispose();
  expect(memory().numTensors).toBe(before);
});

test('a miner that keeps nothing makes a loss of 0', () => {
  const none = distanceWeighted({ dimension: 2, farthest: 0.6 });
  for (const loss of [tripletMargin({ distance: euclidean(), miner: none }), margin({ miner: none })]) {
    expect(loss(labels(), rows()).dataSync()[0]).toBe(0);
  }
});
