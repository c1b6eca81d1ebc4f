import { cosine } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';

import { goldenOf, logSumExp, meanOf, partners } from '../test/pairs.ts';
import golden from './generalized-lifted-structure.golden.json' with { type: 'json' };
import { generalizedLiftedStructure, type GeneralizedLiftedStructureOptions } from './generalized-lifted-structure.ts';

/** The equation by loops. */
function oracle(input: LossOracleInput, { margin = 1, distance }: GeneralizedLiftedStructureOptions): number {
  return meanOf(
    partners(input, distance?.name ?? 'euclidean').flatMap(({ positives, negatives }) => {
      if (positives.length === 0 || negatives.length === 0) return [];
      const far = logSumExp(positives.map(({ d }) => d));
      const near = logSumExp(negatives.map(({ d }) => margin - d));
      return [Math.max(0, far + near)];
    }),
  );
}

testLoss(
  generalizedLiftedStructure,
  {
    oracle,
    worked: [
      // Anchor 0: 1 + (1 − 1.5); anchor 1: 1 + (1 − 0.5).
      { labels: [0, 0, 1], rows: [[0], [1], [1.5]], value: 1 },
      // The negative is 9 and more away, the positive 1: 1 + 1 − 9 and below count as 0.
      { labels: [0, 0, 1], rows: [[0], [1], [10]], value: 0 },
      // Anchor 0 is 1 from both positives: 1 + log 2, and 1 − 2; anchors 1 and 2 at 1 and 2: 2 + log(1 + e^−1), and 1 − 1, 1 − 3.
      {
        labels: [0, 0, 0, 1],
        rows: [[0], [1], [-1], [2]],
        value: (Math.LN2 + (2 + Math.log1p(Math.exp(-1))) + Math.log1p(Math.exp(-1))) / 3,
      },
    ],
    options: [{}, { margin: 2 }, { margin: 0.2, distance: cosine() }],
    golden: goldenOf<GeneralizedLiftedStructureOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('generalizedLiftedStructure', () => {
  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(generalizedLiftedStructure({ distance }).distance).toBe(distance);
    expect(generalizedLiftedStructure().options).toEqual({ margin: 1, distance: 'euclidean' });
  });

  test('says what is wrong with an option', () => {
    expect(() => generalizedLiftedStructure({ margin: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: generalized-lifted-structure: margin must be a finite number, but got NaN. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => generalizedLiftedStructure({ neg_margin: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: generalized-lifted-structure: options are margin, distance, miner, reduce, but got 'neg_margin'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
