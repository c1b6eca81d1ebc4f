import { testMiner, type GoldenMiner, type Mined, type MinerOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { batchEasyHard, type BatchEasyHardOptions } from './batch-easy-hard.ts';
import golden from './batch-easy-hard.golden.json' with { type: 'json' };

/** Each side's candidates sorted from easy to hard; the first or the last is taken. */
function oracle({ distances, same }: MinerOracleInput, options: BatchEasyHardOptions): Mined {
  const { positives = 'easy', negatives = 'semi-hard', positiveRange, negativeRange } = options;
  const mined = { positive: [] as [number, number][], negative: [] as [number, number][] };
  distances.forEach((row, a) => {
    const near = [...row.keys()].toSorted((i, j) => row[i]! - row[j]!);
    const within = (j: number, range: readonly [number, number] | undefined): boolean =>
      !range || (range[0] <= row[j]! && row[j]! <= range[1]);
    const candidates = near.filter((j) => same(a, j) === true && within(j, positiveRange));
    const strangers = near.filter((j) => same(a, j) === false && within(j, negativeRange));
    const farthestOf = (list: number[]): number[] =>
      list.slice(0, 1).length === 0 ? [] : [list.find((j) => row[j] === row[list.at(-1)!])!];
    let p = positives === 'all' ? candidates : positives === 'easy' ? candidates.slice(0, 1) : farthestOf(candidates);
    let n = negatives === 'all' ? strangers : negatives === 'hard' ? strangers.slice(0, 1) : farthestOf(strangers);
    if (negatives === 'semi-hard') n = p.length === 0 ? [] : strangers.filter((j) => row[j]! > row[p[0]!]!).slice(0, 1);
    if (positives === 'semi-hard')
      p = n.length === 0 ? [] : farthestOf(candidates.filter((j) => row[j]! < row[n[0]!]!));
    if (positives !== 'all' && negatives !== 'all' && (p.length === 0 || n.length === 0)) return;
    mined.positive.push(...p.map((j): [number, number] => [a, j]));
    mined.negative.push(...n.map((j): [number, number] => [a, j]));
  });
  return mined;
}

testMiner(
  'batch-easy-hard',
  batchEasyHard,
  {
    oracle,
    options: [
      {},
      { positives: 'hard', negatives: 'hard' },
      { positives: 'semi-hard', negatives: 'easy' },
      { positives: 'all', negatives: 'hard' },
      { positives: 'hard', negatives: 'all' },
      { positives: 'easy', negatives: 'hard', positiveRange: [0.5, 2], negativeRange: [1, 3] },
    ],
    worked: [
      // Points 0, 3 of one class and 2, 5 of another. From 0: positive at 3, negatives at 2 and 5: the one beyond 3.
      // From 3: positive at 3, negatives at 1 and 2: none beyond. From 2: positive at 3, negatives at 2 and 1. From 5: 3; 5 and 2.
      {
        labels: [0, 0, 1, 1],
        distances: [
          [0, 3, 2, 5],
          [3, 0, 1, 2],
          [2, 1, 0, 3],
          [5, 2, 3, 0],
        ],
        mined: {
          positive: [
            [0, 1],
            [3, 2],
          ],
          negative: [
            [0, 3],
            [3, 0],
          ],
        },
      },
    ],
    golden: golden.cases as unknown as GoldenMiner<BatchEasyHardOptions>[],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('says what is wrong with its options', () => {
  expect(() => batchEasyHard({ positives: 'semi-hard' })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: batch-easy-hard: 'semi-hard' needs 'easy' or 'hard' on the other side, whose pair it is measured by, but got ['semi-hard', 'semi-hard']. Take 'easy' positives with 'semi-hard' negatives. [ERR_OPTION]]`,
  );
  expect(() => batchEasyHard({ positives: 'all' })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: batch-easy-hard: 'semi-hard' needs 'easy' or 'hard' on the other side, whose pair it is measured by, but got ['all', 'semi-hard']. Take 'easy' positives with 'semi-hard' negatives. [ERR_OPTION]]`,
  );
  // @ts-expect-error no such strategy
  expect(() => batchEasyHard({ positives: 'semihard' })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: batch-easy-hard: positives must be one of 'easy', 'hard', 'semi-hard', 'all', but got 'semihard'. Leave positives out to use the default. [ERR_OPTION]]`,
  );
  expect(() => batchEasyHard({ positiveRange: [1, 1] })).not.toThrow();
  expect(() => batchEasyHard({ positiveRange: [2, 1] })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: batch-easy-hard: positiveRange must be two numbers, the first not above the second, but got [2, 1]. Leave positiveRange out to allow every distance. [ERR_OPTION]]`,
  );
});
