import { testMiner, type GoldenMiner, type Mined, type MinedPair, type MinerOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { hdc, type HdcOptions } from './hdc.ts';
import golden from './hdc.golden.json' with { type: 'json' };

/** A pair is kept while fewer pairs than there is room for are harder. */
function oracle({ distances, same }: MinerOracleInput, { fraction = 0.5 }: HdcOptions): Mined {
  const side = (wanted: boolean): MinedPair[] => {
    const pairs = distances.flatMap((row, i) =>
      [...row.keys()]
        .filter((j) => same(i, j) === wanted)
        .map((j) => ({ i, j, hardness: wanted ? row[j]! : -row[j]! })),
    );
    const room = Math.ceil(fraction * pairs.length);
    const harder = (one: number): number => pairs.filter(({ hardness }) => hardness > one).length;
    return pairs.filter(({ hardness }) => harder(hardness) < room).map(({ i, j }) => [i, j] as const);
  };
  return { positive: side(true), negative: side(false) };
}

testMiner(
  'hdc',
  hdc,
  {
    oracle,
    options: [{}, { fraction: 0.2 }, { fraction: 1 }, { fraction: 0 }],
    worked: [
      // Negatives are at 3, 1, 3 and 1, of which half are two; positives at 2 and 2, of which one is as hard as the other.
      {
        labels: [0, 0, 1],
        distances: [
          [0, 2, 3],
          [2, 0, 1],
          [3, 1, 0],
        ],
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
    ],
    golden: golden.cases as unknown as GoldenMiner<HdcOptions>[],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('says what is wrong with its options', () => {
  expect(() => hdc({ fraction: 2 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: hdc: fraction must be a number from 0 to 1, but got 2. Leave fraction out to use the default. [ERR_OPTION]]`,
  );
});
