import { sumOfValid } from '@simile/core';
import { testViewLoss, type ViewBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { cosineOf, goldenViews } from '../test/views.ts';
import { byol, type ByolOptions } from './byol.ts';
import golden from './byol.golden.json' with { type: 'json' };

/** Equation 2 in its second form, 2 − 2 cos, of both views, by a loop over items. */
function oracle({ first, second, targets }: Required<ViewBatch>, { reduce }: ByolOptions): number {
  const total = first.reduce((sum, row, i) => {
    return sum + 4 - 2 * cosineOf(row, targets.second[i]!) - 2 * cosineOf(second[i]!, targets.first[i]!);
  }, 0);
  return reduce === sumOfValid ? total : total / first.length;
}

testViewLoss(
  'byol',
  byol,
  {
    oracle,
    worked: [
      // |(1, 0) − (1, 0)|² + |(0, 1) − (1, 0)|².
      { first: [[1, 0]], second: [[0, 1]], targets: { first: [[1, 0]], second: [[3, 0]] }, value: 2 },
      // Opposite in both views: 4 + 4.
      { first: [[1]], second: [[5]], targets: { first: [[-1]], second: [[-2]] }, value: 8 },
    ],
    options: [{}, { reduce: sumOfValid }],
    golden: goldenViews<ByolOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('byol', () => {
  test('has its distance, and takes targets', () => {
    expect([byol().distance!.name, byol().takesTargets, byol().options]).toEqual(['cosine', true, {}]);
  });

  test('says what is wrong with an option', () => {
    // @ts-expect-error the momentum belongs to moveTowards
    expect(() => byol({ momentum: 0.99 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: byol: options are reduce, but got 'momentum'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
