import { testMiner, type GoldenMiner, type Mined, type MinerOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { multiSimilarityMiner, type MultiSimilarityMinerOptions } from './multi-similarity-miner.ts';
import golden from './multi-similarity-miner.golden.json' with { type: 'json' };

function oracle({ distances, same }: MinerOracleInput, { epsilon = 0.1 }: MultiSimilarityMinerOptions): Mined {
  const mined = { positive: [] as [number, number][], negative: [] as [number, number][] };
  distances.forEach((row, i) => {
    const positives = [...row.keys()].filter((j) => same(i, j) === true);
    const negatives = [...row.keys()].filter((j) => same(i, j) === false);
    for (const p of positives) if (negatives.some((n) => row[p]! > row[n]! - epsilon)) mined.positive.push([i, p]);
    for (const n of negatives) if (positives.some((p) => row[n]! < row[p]! + epsilon)) mined.negative.push([i, n]);
  });
  return mined;
}

testMiner(
  'multi-similarity-miner',
  multiSimilarityMiner,
  {
    oracle,
    options: [{}, { epsilon: 0 }, { epsilon: 0.75 }],
    worked: [
      // Points 0 and 2 of one class, 1 and 9 of another. From 0: positive at 2, negatives at 1 and 9. From 2: 2; 1 and 7.
      // From 1: positive at 8, negatives at 1 and 1. From 9: 8; 9 and 7, of which 9 is too far.
      {
        labels: [0, 0, 1, 1],
        options: { epsilon: 0.5 },
        distances: [
          [0, 2, 1, 9],
          [2, 0, 1, 7],
          [1, 1, 0, 8],
          [9, 7, 8, 0],
        ],
        mined: {
          positive: [
            [0, 1],
            [1, 0],
            [2, 3],
            [3, 2],
          ],
          negative: [
            [0, 2],
            [1, 2],
            [2, 0],
            [2, 1],
            [3, 1],
          ],
        },
      },
    ],
    golden: golden.cases as unknown as GoldenMiner<MultiSimilarityMinerOptions>[],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('says what is wrong with its options', () => {
  expect(() => multiSimilarityMiner({ epsilon: -0.1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: multi-similarity-miner: epsilon must be a finite number, 0 or more, but got -0.1. Leave epsilon out to use the default. [ERR_OPTION]]`,
  );
});
