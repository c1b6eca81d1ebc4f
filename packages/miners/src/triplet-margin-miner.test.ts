import { testMiner, type GoldenMiner, type Mined, type MinerOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { tripletMarginMiner, type TripletMarginMinerOptions } from './triplet-margin-miner.ts';
import golden from './triplet-margin-miner.golden.json' with { type: 'json' };

function oracle({ distances, same }: MinerOracleInput, options: TripletMarginMinerOptions): Mined {
  const { margin = 0.2, triplets: kind = 'all' } = options;
  const triplets: [number, number, number][] = [];
  distances.forEach((row, a) =>
    row.forEach((toPositive, p) =>
      row.forEach((toNegative, n) => {
        if (same(a, p) !== true || same(a, n) !== false) return;
        const is = toNegative <= toPositive ? 'hard' : toNegative - toPositive <= margin ? 'semi-hard' : 'easy';
        if (is === kind || (kind === 'all' && is !== 'easy')) triplets.push([a, p, n]);
      }),
    ),
  );
  return { triplets };
}

// Points 0 and 2 of one class, 3 of another. Anchor 0: 2 against 3, gap 1. Anchor 2: 2 against 1, gap −1.
const line = {
  labels: [0, 0, 1],
  distances: [
    [0, 2, 3],
    [2, 0, 1],
    [3, 1, 0],
  ],
};

testMiner(
  'triplet-margin-miner',
  tripletMarginMiner,
  {
    oracle,
    options: [{}, { triplets: 'hard' }, { triplets: 'semi-hard', margin: 0.7 }, { triplets: 'easy', margin: 0 }],
    worked: [
      { ...line, mined: { triplets: [[1, 0, 2]] } },
      {
        ...line,
        options: { margin: 1 },
        mined: {
          triplets: [
            [0, 1, 2],
            [1, 0, 2],
          ],
        },
      },
      { ...line, options: { triplets: 'hard', margin: 1 }, mined: { triplets: [[1, 0, 2]] } },
      { ...line, options: { triplets: 'semi-hard', margin: 1 }, mined: { triplets: [[0, 1, 2]] } },
      { ...line, options: { triplets: 'semi-hard', margin: 0.9 }, mined: { triplets: [] } },
      { ...line, options: { triplets: 'easy', margin: 0.9 }, mined: { triplets: [[0, 1, 2]] } },
    ],
    golden: golden.cases as unknown as GoldenMiner<TripletMarginMinerOptions>[],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('says what is wrong with its options', () => {
  expect(() => tripletMarginMiner({ margin: -1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: triplet-margin-miner: margin must be a finite number, 0 or more, but got -1. Leave margin out to use the default. [ERR_OPTION]]`,
  );
  // @ts-expect-error no such kind
  expect(() => tripletMarginMiner({ triplets: 'semihard' })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: triplet-margin-miner: triplets must be one of 'all', 'hard', 'semi-hard', 'easy', but got 'semihard'. Leave triplets out to use the default. [ERR_OPTION]]`,
  );
});
