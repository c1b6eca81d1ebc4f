import { euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';

import { distances, goldenOf, logSumExp, meanOf } from '../test/pairs.ts';
import golden from './lifted-structure.golden.json' with { type: 'json' };
import { liftedStructure, type LiftedStructureOptions } from './lifted-structure.ts';

/** Equation 4 by loops over pairs. */
function oracle({ rows, columns, same }: LossOracleInput, { margin = 1, distance }: LiftedStructureOptions): number {
  const d = distances[distance?.name ?? 'cosine']!;
  const costs: number[] = [];
  rows.forEach((row, i) =>
    columns.forEach((column, j) => {
      if (same(i, j) !== true) return;
      const violations = [
        ...columns.flatMap((other, k) => (same(i, k) === false ? [margin - d(row, other)] : [])),
        ...(columns === rows
          ? rows.flatMap((other, l) => (same(j, l) === false ? [margin - d(column, other)] : []))
          : rows.flatMap((other, l) => (same(l, j) === false ? [margin - d(other, column)] : []))),
      ];
      costs.push(Math.max(0, logSumExp(violations) + d(row, column)) ** 2 / 2);
    }),
  );
  return meanOf(costs);
}

testLoss(
  liftedStructure,
  {
    oracle,
    worked: [
      // The pair 0–1 at distance 1; negatives at 2 of row 0 and at 1 of row 1: (1 + log(e^(1−2) + e^(1−1)))² / 2, either way.
      {
        options: { distance: euclidean() },
        labels: [0, 0, 1],
        rows: [[0], [1], [2]],
        value: (1 + Math.log1p(Math.exp(-1))) ** 2 / 2,
      },
      // Negatives so far that the hinge closes.
      { options: { distance: euclidean() }, labels: [0, 0, 1], rows: [[0], [1], [20]], value: 0 },
    ],
    options: [{}, { margin: 0.3 }, { margin: 2, distance: euclidean() }],
    golden: goldenOf<LiftedStructureOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('liftedStructure', () => {
  test('has its distance, and tells its options', () => {
    const distance = euclidean();
    expect(liftedStructure({ distance }).distance).toBe(distance);
    expect(liftedStructure().options).toEqual({ margin: 1, distance: 'cosine' });
  });

  test('says what is wrong with an option', () => {
    expect(() => liftedStructure({ margin: Infinity })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: lifted-structure: margin must be a finite number, but got Infinity. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => liftedStructure({ neg_margin: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: lifted-structure: options are margin, distance, miner, reduce, but got 'neg_margin'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
