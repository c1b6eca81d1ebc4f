import { cosine } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';

import { goldenOf, meanOf, partners } from '../test/pairs.ts';
import golden from './contrastive.golden.json' with { type: 'json' };
import { contrastive, type ContrastiveOptions } from './contrastive.ts';

/** The equation by loops, each kind of pair with a mean of its own. */
function oracle(input: LossOracleInput, options: ContrastiveOptions): number {
  const { positiveMargin = 0, negativeMargin = 1, power = 2, distance } = options;
  const cost = (excess: number): number => Math.max(0, excess) ** power / power;
  const rows = partners(input, distance?.name ?? 'euclidean');
  const pull = rows.flatMap(({ positives }) => positives.map(({ d }) => cost(d - positiveMargin)));
  const push = rows.flatMap(({ negatives }) => negatives.map(({ d }) => cost(negativeMargin - d)));
  return meanOf(pull) + meanOf(push);
}

testLoss(
  contrastive,
  {
    oracle,
    worked: [
      // 0–1 is a positive pair at 2: 2² / 2. Negatives at 3 and 1, each twice: ((4 − 3)² + (4 − 1)²) / 2 / 2.
      { options: { negativeMargin: 4 }, labels: [0, 0, 1], rows: [[0], [2], [3]], value: 4.5 },
      // 2 − 0.5, and ((4 − 3) + (4 − 1)) / 2.
      {
        options: { positiveMargin: 0.5, negativeMargin: 4, power: 1 },
        labels: [0, 0, 1],
        rows: [[0], [2], [3]],
        value: 3.5,
      },
    ],
    options: [
      {},
      { positiveMargin: 0.3, negativeMargin: 2, power: 1 },
      { positiveMargin: 0.1, negativeMargin: 0.9, distance: cosine() },
    ],
    golden: goldenOf<ContrastiveOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('contrastive', () => {
  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(contrastive({ distance }).distance).toBe(distance);
    expect(contrastive().options).toEqual({
      positiveMargin: 0,
      negativeMargin: 1,
      power: 2,
      distance: 'euclidean',
    });
  });

  test('says what is wrong with an option', () => {
    expect(() => contrastive({ positiveMargin: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: contrastive: positiveMargin must be a finite number, but got NaN. Leave positiveMargin out to use the default. [ERR_OPTION]]`,
    );
    expect(() => contrastive({ negativeMargin: Infinity })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: contrastive: negativeMargin must be a finite number, but got Infinity. Leave negativeMargin out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not a power
    expect(() => contrastive({ power: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: contrastive: power must be one of 1, 2, but got 3. Leave power out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => contrastive({ pos_margin: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: contrastive: options are positiveMargin, negativeMargin, power, distance, miner, reduce, but got 'pos_margin'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
