import { sumOfValid } from '@simile/core';
import { testViewLoss, type ViewBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { cosineOf, goldenViews } from '../test/views.ts';
import golden from './sim-siam.golden.json' with { type: 'json' };
import { simSiam, type SimSiamOptions } from './sim-siam.ts';

/** Algorithm 1 by a loop over items. */
function oracle({ first, second, targets }: Required<ViewBatch>, { reduce }: SimSiamOptions): number {
  const near = (i: number): number => cosineOf(first[i]!, targets.second[i]!) + cosineOf(second[i]!, targets.first[i]!);
  const total = first.reduce((sum, _, i) => sum - near(i) / 2, 0);
  return reduce === sumOfValid ? total : total / first.length;
}

testViewLoss(
  'sim-siam',
  simSiam,
  {
    oracle,
    worked: [
      // cos(p1, z2) = 1, cos(p2, z1) = √½.
      {
        first: [[1, 0]],
        second: [[0, 1]],
        targets: { first: [[1, 1]], second: [[3, 0]] },
        value: -(1 + Math.SQRT1_2) / 2,
      },
      // The second item's predictions are both opposite to what they are held against: −½ (2 − 2) over two items.
      {
        first: [[1], [1]],
        second: [[2], [2]],
        targets: { first: [[3], [-3]], second: [[4], [-4]] },
        value: 0,
      },
    ],
    options: [{}, { reduce: sumOfValid }],
    golden: goldenViews<SimSiamOptions>(golden.cases),
    nonNegative: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('simSiam', () => {
  test('has its distance, and takes targets', () => {
    expect([simSiam().distance!.name, simSiam().takesTargets, simSiam().options]).toEqual(['cosine', true, {}]);
  });

  test('says what is wrong with an option', () => {
    // @ts-expect-error there is no margin, which would only shift the value
    expect(() => simSiam({ margin: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: sim-siam: options are reduce, but got 'margin'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
