import { testMiner } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { distanceWeighted, type DistanceWeightedOptions } from './distance-weighted.ts';

const unit = (row: readonly number[]): number[] => {
  const length = Math.max(1e-12, Math.hypot(...row));
  return row.map((x) => x / length);
};

testMiner<DistanceWeightedOptions>(
  'distance-weighted',
  distanceWeighted,
  {
    options: [
      { dimension: 5, seed: 2 },
      { dimension: 3, nearest: 0.1, farthest: 0.9 },
      { dimension: 64, farthest: 2 },
    ],
    distance: (a, b) => {
      const [u, v] = [unit(a), unit(b)];
      return Math.hypot(...u.map((x, k) => x - v[k]!));
    },
    holds: (mined, { distances, same }, { farthest = 1.4 }) => {
      if (!('triplets' in mined)) return 'pairs';
      const drawable = (a: number): boolean => distances[a]!.some((d, j) => same(a, j) === false && d < farthest);
      const wanted = distances.flatMap((row, a) =>
        drawable(a) ? [...row.keys()].filter((j) => same(a, j) === true).map((j) => `${a}, ${j}`) : [],
      );
      const got = mined.triplets.map(([a, p]) => `${a}, ${p}`);
      if (wanted.toSorted().join(' ') !== got.toSorted().join(' '))
        return `there are pairs ${got.join(' ')} for ${wanted.join(' ')}`;
      const far = mined.triplets.find(([a, , n]) => distances[a]![n]! >= farthest);
      return far && `(${far.join(', ')}) is too far`;
    },
    worked: [
      // The only negative nearer than 1.4 of each anchor.
      {
        labels: [0, 0, 1, 2],
        options: { dimension: 3 },
        distances: [
          [0, 1, 1.3, 1.5],
          [1, 0, 1.5, 1.2],
          [1.3, 1.5, 0, 1],
          [1.5, 1.2, 1, 0],
        ],
        mined: {
          triplets: [
            [0, 1, 2],
            [1, 0, 3],
          ],
        },
      },
    ],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('draws each negative as often as its probability says', async () => {
  await setBackend('cpu');
  // In three dimensions 1/d: 1 against 0.8 against 2, of 3.8.
  const d = tensor2d([
    [0, 1, 1, 1.25, 0.5],
    [1, 0, 1, 1, 1],
    [1, 1, 0, 1, 1],
    [1.25, 1, 1, 0, 1],
    [0.5, 1, 1, 1, 0],
  ]);
  const labels = tensor1d([0, 0, 1, 2, 3], 'int32');
  const miner = distanceWeighted({ dimension: 3, seed: 8 });
  const counts = [0, 0, 0, 0, 0];
  const calls = 4000;
  for (let call = 0; call < calls; call++) counts[miner(labels, d).negatives[0]!]!++;
  [0, 0, 1 / 3.8, 0.8 / 3.8, 2 / 3.8].forEach((p, j) => {
    expect(Math.abs(counts[j]! - p * calls)).toBeLessThanOrEqual(5 * Math.sqrt(calls * p * (1 - p)));
  });
});

test('says what is wrong with its options', () => {
  // @ts-expect-error the width is needed
  expect(() => distanceWeighted({})).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: distance-weighted: dimension must be given. Say how wide the embeddings are. [ERR_OPTION]]`,
  );
  expect(() => distanceWeighted({ dimension: 8, seed: -1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: distance-weighted: seed must be a whole number of at least 0, but got -1. Leave seed out to use the default. [ERR_OPTION]]`,
  );
});
