import { cosine, euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { distances, goldenOf, meanOf, partners } from '../test/pairs.ts';
import golden from './pnp.golden.json' with { type: 'json' };
import { pnp, type PnpOptions } from './pnp.ts';

/** The paper's equations by loops over queries, positives and negatives; the query is a positive of its own. */
function oracle(input: LossOracleInput, options: PnpOptions): number {
  const { variant = 'o', temperature = 0.01, b = 2, alpha = 1, includeQuery = true, distance } = options;
  const metric = distance?.name ?? 'cosine';
  const f = {
    o: (r: number) => r,
    iu: (r: number) => (1 + r) * Math.log(1 + r),
    ib: (r: number) => (b * r - Math.log(1 + b * r)) / b ** 2,
    ds: (r: number) => Math.log(1 + r),
    dq: (r: number) => 1 - (1 + r) ** -alpha,
  }[variant];
  return meanOf(
    partners(input, metric).flatMap(({ positives, negatives }, q) => {
      if (positives.length === 0) return [];
      const own = includeQuery && input.columns === input.rows;
      const itself = own ? [distances[metric]!(input.rows[q]!, input.columns[q]!)] : [];
      const before = (d: number): number =>
        negatives.reduce((total, { d: other }) => total + 1 / (1 + Math.exp((other - d) / temperature)), 0);
      return [meanOf([...positives.map(({ d }) => d), ...itself].map((d) => f(before(d))))];
    }),
  );
}

testLoss(
  pnp,
  {
    oracle,
    worked: [
      // Row 0: its positive and a negative both at 1: half a negative before. Row 1: positive at 1, negative at 2: none.
      {
        options: { includeQuery: false, distance: euclidean() },
        labels: [0, 0, 1],
        rows: [[0], [1], [-1]],
        value: 0.25,
      },
      // 1 − (3/2)^−2 = 5/9 of row 0.
      {
        options: { variant: 'dq', alpha: 2, includeQuery: false, distance: euclidean() },
        labels: [0, 0, 1],
        rows: [[0], [1], [-1]],
        value: 5 / 18,
      },
    ],
    options: [
      { temperature: 0.1 },
      { variant: 'dq', temperature: 0.2, alpha: 4 },
      { variant: 'ib', temperature: 0.5, b: 3, includeQuery: false, distance: euclidean() },
    ],
    golden: goldenOf<PnpOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('pnp', () => {
  // Two negatives before the only positive of row 0, none before that of row 1.
  test.each([
    ['o', 2],
    ['iu', 3 * Math.log(3)],
    ['ib', (4 - Math.log(5)) / 4],
    ['ds', Math.log(3)],
    ['dq', 1 - 1 / 3],
  ] as const)('variant %s makes %f of two negatives', (variant, cost) => {
    const loss = pnp({ variant, includeQuery: false, distance: euclidean() });
    const rows = tensor2d([[0], [5], [-1], [-2]]);
    const value = tidy(() => loss(tensor1d([0, 0, 1, 2]), rows).dataSync()[0]!);
    expect(value).toBeCloseTo(cost / 2, 5);
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(pnp({ distance }).distance).toBe(distance);
    expect(pnp({ variant: 'dq' }).options).toEqual({
      variant: 'dq',
      temperature: 0.01,
      b: 2,
      alpha: 1,
      includeQuery: true,
      distance: 'cosine',
    });
  });

  test('says what is wrong with an option', () => {
    // @ts-expect-error no such variant
    expect(() => pnp({ variant: 'O' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: pnp: variant must be one of 'o', 'iu', 'ib', 'ds', 'dq', but got 'O'. Leave variant out to use the default. [ERR_OPTION]]`,
    );
    expect(() => pnp({ alpha: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: pnp: alpha must be a finite number above 0, but got 0. Leave alpha out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not true or false
    expect(() => pnp({ includeQuery: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: pnp: includeQuery must be one of true, false, but got 1. Leave includeQuery out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => pnp({ anneal: 0.01 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: pnp: options are variant, temperature, b, alpha, includeQuery, distance, miner, reduce, but got 'anneal'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
