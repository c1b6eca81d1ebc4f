import { euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';

import { distances, goldenOf, meanOf, partners } from '../test/pairs.ts';
import golden from './pn.golden.json' with { type: 'json' };
import { pn, type PnOptions } from './pn.ts';

/** The equation by loops, with hard positives or all, and hard or semi-hard negatives or all. */
function oracle(input: LossOracleInput, options: PnOptions): number {
  const { soft = false, margin = soft ? 0 : 0.1, positives = 'hard', negatives = 'semi-hard' } = options;
  const name = options.distance?.name ?? 'cosine';
  return meanOf(
    partners(input, name).flatMap((row) => {
      if (row.positives.length === 0 || row.negatives.length === 0) return [];
      const farthest = [...row.positives].sort((a, b) => b.d - a.d)[0]!;
      const nearestFirst = [...row.negatives].sort((a, b) => a.d - b.d);
      const chosen = (p: { d: number }): typeof nearestFirst => {
        if (negatives === 'all') return nearestFirst;
        if (negatives === 'hard') return nearestFirst.slice(0, 1);
        return [nearestFirst.find(({ d }) => d > p.d) ?? nearestFirst.at(-1)!];
      };
      return (positives === 'all' ? row.positives : [farthest]).flatMap((p) =>
        chosen(p).map((n) => {
          const nearer = Math.min(n.d, distances[name]!(input.columns[p.j]!, input.columns[n.j]!));
          const x = p.d - nearer + margin;
          return soft ? Math.log1p(Math.exp(x)) : Math.max(0, x);
        }),
      );
    }),
  );
}

testLoss(
  pn,
  {
    oracle,
    worked: [
      // 0–1 is 5, 0–2 is 3, 1–2 is √10: the negative of anchor 1 is nearer to its positive, 3. Both cost 5 − 3 + 1.
      {
        options: { margin: 1, negatives: 'hard', distance: euclidean() },
        labels: [0, 0, 1],
        rows: [
          [0, 0],
          [3, 4],
          [0, 3],
        ],
        value: 3,
      },
    ],
    options: [
      {},
      { soft: true, negatives: 'hard' },
      { margin: 0.5, positives: 'all', negatives: 'all', distance: euclidean() },
    ],
    golden: goldenOf<PnOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('pn', () => {
  test('has its distance, and tells its options', () => {
    const distance = euclidean();
    expect(pn({ distance }).distance).toBe(distance);
    expect(pn({ soft: true }).options).toEqual({
      margin: 0,
      soft: true,
      positives: 'hard',
      negatives: 'semi-hard',
      distance: 'cosine',
    });
  });

  test('says what is wrong with an option', () => {
    expect(() => pn({ margin: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: pn: margin must be a finite number, 0 or more, but got -1. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not a strategy
    expect(() => pn({ positives: 'semi-hard' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: pn: positives must be one of 'hard', 'easy', 'all', but got 'semi-hard'. Leave positives out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not a strategy
    expect(() => pn({ negatives: 'hardest' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: pn: negatives must be one of 'semi-hard', 'hard', 'easy', 'all', but got 'hardest'. Leave negatives out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error it always swaps
    expect(() => pn({ swap: false })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: pn: options are margin, soft, positives, negatives, distance, miner, reduce, but got 'swap'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
