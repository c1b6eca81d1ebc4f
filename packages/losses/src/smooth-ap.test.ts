import { cosine, euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { distances, goldenOf, meanOf, partners } from '../test/pairs.ts';
import golden from './smooth-ap.golden.json' with { type: 'json' };
import { smoothAp, type SmoothApOptions } from './smooth-ap.ts';

/** The paper's equation by loops over queries, positives and others; the query is a positive of its own. */
function oracle(input: LossOracleInput, options: SmoothApOptions): number {
  const { temperature = 0.01, includeQuery = true, distance } = options;
  const metric = distance?.name ?? 'cosine';
  const nearer = (x: number, than: number): number => 1 / (1 + Math.exp((x - than) / temperature));
  return meanOf(
    partners(input, metric).flatMap(({ positives, negatives }, q) => {
      if (positives.length === 0) return [];
      const own = includeQuery && input.columns === input.rows;
      const itself = own ? [distances[metric]!(input.rows[q]!, input.columns[q]!)] : [];
      const p = [...positives.map(({ d }) => d), ...itself];
      const n = negatives.map(({ d }) => d);
      const precisions = p.map((d, i) => {
        const others = p.filter((_, j) => j !== i).reduce((total, x) => total + nearer(x, d), 1);
        return others / n.reduce((total, x) => total + nearer(x, d), others);
      });
      return [1 - meanOf(precisions)];
    }),
  );
}

testLoss(
  smoothAp,
  {
    oracle,
    worked: [
      // Row 0: its positive and a negative both at 1: rank 1½, precision ⅔. Row 1: positive at 1, negative at 2: all well.
      {
        options: { includeQuery: false, distance: euclidean() },
        labels: [0, 0, 1],
        rows: [[0], [1], [-1]],
        value: 1 / 6,
      },
      // With the query as a positive at rank 1, the tie is at 2 of 2½: (1 + 0.8) / 2.
      { options: { distance: euclidean() }, labels: [0, 0, 1], rows: [[0], [1], [-1]], value: 0.1 / 2 },
    ],
    options: [{ temperature: 0.1 }, { temperature: 0.5, includeQuery: false, distance: euclidean() }],
    golden: goldenOf<SmoothApOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('smoothAp', () => {
  test('ranks what a miner keeps', () => {
    const miner: NonNullable<SmoothApOptions['miner']> = () => ({
      kind: 'pairs',
      positive: tensor2d([[0, 1, 0], [0, 0, 0], [0, 0, 0]]), // prettier-ignore
      negative: tensor2d([[0, 0, 0], [1, 0, 1], [1, 1, 0]]), // prettier-ignore
    });
    const rows = tensor2d([[0], [1], [-1]]);
    const loss = smoothAp({ miner, distance: euclidean() });
    expect(tidy(() => loss(tensor1d([0, 0, 1]), rows).dataSync()[0])).toBeCloseTo(0, 6);
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(smoothAp({ distance }).distance).toBe(distance);
    expect(smoothAp().options).toEqual({ temperature: 0.01, includeQuery: true, distance: 'cosine' });
  });

  test('says what is wrong with an option', () => {
    expect(() => smoothAp({ temperature: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: smooth-ap: temperature must be a finite number above 0, but got 0. Leave temperature out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not true or false
    expect(() => smoothAp({ includeQuery: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: smooth-ap: includeQuery must be one of true, false, but got 1. Leave includeQuery out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => smoothAp({ anneal: 0.01 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: smooth-ap: options are temperature, includeQuery, distance, miner, reduce, but got 'anneal'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
