import { createRegistry } from '@simile/core';
import { distancesPlugin, euclidean, manhattan, squaredEuclidean } from '@simile/distances';
import type { LossOracleInput, LossTest } from '@simile/testing';
import golden from '../src/triplet-margin.golden.json' with { type: 'json' };
import type { TripletMarginOptions } from '../src/triplet-margin.ts';

const registry = createRegistry([distancesPlugin]);

type Vector = readonly number[];
const squaredOf = (a: Vector, b: Vector): number => a.reduce((total, x, k) => total + (x - b[k]!) ** 2, 0);
const distances: Record<string, (a: Vector, b: Vector) => number> = {
  cosine: (a, b) => 1 - a.reduce((dot, x, k) => dot + x * b[k]!, 0) / (Math.hypot(...a) * Math.hypot(...b)),
  euclidean: (a, b) => Math.sqrt(squaredOf(a, b)),
  'squared-euclidean': squaredOf,
  manhattan: (a, b) => a.reduce((total, x, k) => total + Math.abs(x - b[k]!), 0),
};

/** The loss by loops over anchors, positives and negatives. */
function oracle({ rows, columns, same }: LossOracleInput, options: TripletMarginOptions): number {
  const { soft = false, margin = soft ? 0 : 0.1, positives = 'hard', negatives = 'semi-hard', swap = false } = options;
  const distance = distances[options.distance?.name ?? 'cosine']!;
  const costs: number[] = [];
  rows.forEach((row, a) => {
    const to = columns.map((column) => distance(row, column));
    const byDistance = columns.map((_, j) => j).sort((i, j) => to[i]! - to[j]!);
    const p = byDistance.filter((j) => same(a, j) === true);
    const n = byDistance.filter((j) => same(a, j) === false);
    if (p.length === 0 || n.length === 0) return;
    const farthestPositive = to[p.at(-1)!]!;
    const chosenP = { hard: [p.at(-1)!], easy: [p[0]!], all: p }[positives];
    for (const j of chosenP) {
      const bar = positives === 'all' ? to[j]! : farthestPositive;
      const beyond = n.find((k) => to[k]! > bar) ?? n.at(-1)!;
      for (const k of { 'semi-hard': [beyond], hard: [n[0]!], easy: [n.at(-1)!], all: n }[negatives]) {
        const away = swap ? Math.min(to[k]!, distance(columns[j]!, columns[k]!)) : to[k]!;
        const x = to[j]! - away + margin;
        costs.push(soft ? Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0) : Math.max(x, 0));
      }
    }
  });
  return costs.length === 0 ? 0 : costs.reduce((total, cost) => total + cost, 0) / costs.length;
}

/** What every loss suite needs to know of tripletMargin, on any backend. */
export const tripletMarginTest: LossTest<TripletMarginOptions> = {
  oracle,
  worked: [
    // Anchor 0: positive at 5, negative at 3, cost 5 − 3 + 1. Anchor 1: 5 − √(3² + 1²) + 1. Anchor 2 has no positive.
    {
      options: { margin: 1, negatives: 'hard', distance: euclidean() },
      labels: [0, 0, 1],
      rows: [
        [0, 0],
        [3, 4],
        [0, 3],
      ],
      value: (9 - Math.sqrt(10)) / 2,
    },
    // On a line, rows at 0 and 2 of one class, 3 and 7 of another. Semi-hard of 0: nearest beyond 2 is 3: 2 − 3 + 2.
    // Of 2: beyond 2 is 7 (at 5): 2 − 5 + 2 < 0. Of 3: positive at 4, negatives at 3 and 1, none beyond: the farthest, 3:
    // 4 − 3 + 2. Of 7: positive at 4, beyond it 5: 4 − 5 + 2. In all 1 + 0 + 3 + 1, over 4.
    {
      options: { margin: 2, distance: euclidean() },
      labels: [0, 0, 1, 1],
      rows: [[0], [2], [3], [7]],
      value: 5 / 4,
    },
  ],
  options: [
    {},
    { positives: 'hard', negatives: 'hard', margin: 0.3, distance: euclidean() },
    { positives: 'easy', negatives: 'semi-hard', margin: 0.5 },
    { positives: 'hard', negatives: 'easy', soft: true },
    { positives: 'all', negatives: 'all', margin: 0.2, distance: euclidean() },
    { positives: 'all', negatives: 'semi-hard', margin: 0.2, distance: squaredEuclidean() },
    { positives: 'all', negatives: 'hard', soft: true, margin: 0.05 },
    { positives: 'easy', negatives: 'all', soft: true, distance: manhattan() },
    { positives: 'hard', negatives: 'hard', swap: true, margin: 0.4 },
    { positives: 'all', negatives: 'all', swap: true, margin: 0.3, distance: euclidean() },
    { positives: 'all', negatives: 'semi-hard', swap: true, margin: 0.3, distance: euclidean() },
  ],
  golden: golden.cases.map(({ options, ...sample }) => ({
    ...sample,
    options: { ...options, distance: registry.distance(options.distance) } as TripletMarginOptions,
  })),
  rotationInvariant: ({ distance }) => distance?.name !== 'manhattan',
};
