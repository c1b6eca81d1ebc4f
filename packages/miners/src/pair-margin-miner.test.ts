import { testMiner, type GoldenMiner, type Mined, type MinerOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { pairMarginMiner, type PairMarginMinerOptions } from './pair-margin-miner.ts';
import golden from './pair-margin-miner.golden.json' with { type: 'json' };

function oracle({ distances, same }: MinerOracleInput, options: PairMarginMinerOptions): Mined {
  const { positiveMargin = 0.2, negativeMargin = 0.8 } = options;
  const mined = { positive: [] as [number, number][], negative: [] as [number, number][] };
  distances.forEach((row, i) =>
    row.forEach((distance, j) => {
      if (same(i, j) === true && distance > positiveMargin) mined.positive.push([i, j]);
      if (same(i, j) === false && distance < negativeMargin) mined.negative.push([i, j]);
    }),
  );
  return mined;
}

const line = {
  labels: [0, 0, 1],
  distances: [
    [0, 2, 3],
    [2, 0, 1],
    [3, 1, 0],
  ],
};

testMiner(
  'pair-margin-miner',
  pairMarginMiner,
  {
    oracle,
    options: [{}, { positiveMargin: 1.1, negativeMargin: 1.7 }],
    worked: [
      {
        ...line,
        options: { positiveMargin: 1, negativeMargin: 2 },
        mined: {
          positive: [
            [0, 1],
            [1, 0],
          ],
          negative: [
            [1, 2],
            [2, 1],
          ],
        },
      },
      // A pair at a margin exactly is as it should be.
      { ...line, options: { positiveMargin: 2, negativeMargin: 1 }, mined: { positive: [], negative: [] } },
    ],
    golden: golden.cases as unknown as GoldenMiner<PairMarginMinerOptions>[],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('says what is wrong with its options', () => {
  expect(() => pairMarginMiner({ positiveMargin: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: pair-margin-miner: positiveMargin must be a finite number, but got NaN. Leave positiveMargin out to use the default. [ERR_OPTION]]`,
  );
  // @ts-expect-error a misspelt option
  expect(() => pairMarginMiner({ margin: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: pair-margin-miner: options are positiveMargin, negativeMargin, but got 'margin'. Check the spelling. [ERR_OPTION]]`,
  );
});
