import { testMiner, type GoldenMiner, type Mined, type MinerOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { test } from 'vitest';
import golden from './batch-hard.golden.json' with { type: 'json' };
import { batchHard } from './batch-hard.ts';

/** By sorting what each anchor may choose from. */
function oracle({ distances, same }: MinerOracleInput): Mined {
  const triplets = distances.flatMap((row, a): [number, number, number][] => {
    const side = (wanted: boolean): number[] => [...row.keys()].filter((j) => same(a, j) === wanted);
    const [positive] = side(true).toSorted((i, j) => row[j]! - row[i]!);
    const [negative] = side(false).toSorted((i, j) => row[i]! - row[j]!);
    return positive === undefined || negative === undefined ? [] : [[a, positive, negative]];
  });
  return { triplets };
}

testMiner(
  'batch-hard',
  batchHard,
  {
    oracle,
    worked: [
      // Points 0, 2, 3, 7 on a line. Anchor 0: positives at 2 and 3, the only negative at 7. Anchor 3 has no positive.
      {
        labels: [0, 0, 0, 1],
        distances: [
          [0, 2, 3, 7],
          [2, 0, 1, 5],
          [3, 1, 0, 4],
          [7, 5, 4, 0],
        ],
        mined: {
          triplets: [
            [0, 2, 3],
            [1, 0, 3],
            [2, 0, 3],
          ],
        },
      },
    ],
    golden: golden.cases as unknown as GoldenMiner<object>[],
    backends: ['cpu', 'wasm'],
  },
  { test },
);
