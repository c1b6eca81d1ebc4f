import { createRegistry, meanOfAll } from '@simile/core';
import { distancesPlugin, euclidean } from '@simile/distances';
import type { LossOracleInput, LossTest } from '@simile/testing';
import golden from '../src/multi-similarity.golden.json' with { type: 'json' };
import type { MultiSimilarityOptions } from '../src/multi-similarity.ts';

const registry = createRegistry([distancesPlugin]);

type Vector = readonly number[];
const dot = (a: Vector, b: Vector): number => a.reduce((total, x, k) => total + x * b[k]!, 0);

/** The paper's equations in terms of similarity, by loops; anchors that keep nothing are left out of the mean. */
function oracle({ rows, columns, same }: LossOracleInput, options: MultiSimilarityOptions): number {
  const { alpha = 2, beta = 40, epsilon = 0.1, lambda = 0.5, center = 1, reduce } = options;
  const similarity = (a: Vector, b: Vector): number => {
    if (options.distance?.name === 'euclidean') return center - Math.sqrt(dot(a, a) - 2 * dot(a, b) + dot(b, b));
    return center - 1 + dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };
  const costs: number[] = [];
  rows.forEach((row, i) => {
    const s = columns.map((column) => similarity(row, column));
    const positive = columns.flatMap((_, j) => (same(i, j) === true ? [s[j]!] : []));
    const negative = columns.flatMap((_, j) => (same(i, j) === false ? [s[j]!] : []));
    const keptPositive = positive.filter((x) => x < Math.max(...negative) + epsilon);
    const keptNegative = negative.filter((x) => x > Math.min(...positive) - epsilon);
    if (positive.length === 0 || negative.length === 0 || keptPositive.length === 0) return;
    const pull = keptPositive.reduce((total, x) => total + Math.exp(-alpha * (x - lambda)), 1);
    const push = keptNegative.reduce((total, x) => total + Math.exp(beta * (x - lambda)), 1);
    costs.push(Math.log(pull) / alpha + Math.log(push) / beta);
  });
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return total / (reduce === meanOfAll ? rows.length : Math.max(costs.length, 1));
}

/** What every loss suite needs to know of multiSimilarity, on any backend. */
export const multiSimilarityTest: LossTest<MultiSimilarityOptions> = {
  oracle,
  worked: [
    // Distances: 0–1 is 1, 0–2 is 0, 1–2 is 1. Anchor 0: positive at s = 0: ½ log(1 + e^(2·0.5)); negative at s = 1:
    // log(1 + e^(40·0.5)) / 40 = 0.5 + 5e-11. Anchor 1: positive and negative at s = 0: ½ log(1 + e) + log(1 + e^−20) / 40.
    // Anchor 2 has no positive. Mean of the two: ½ log(1 + e) + ¼.
    {
      labels: [0, 0, 1],
      rows: [
        [1, 0],
        [0, 1],
        [1, 0],
      ],
      value: Math.log(1 + Math.E) / 2 + 0.25,
    },
    // Classes far apart: no pair is informative.
    {
      labels: [0, 0, 1, 1],
      rows: [
        [1, 0],
        [2, 0],
        [-1, 0],
        [-3, 0],
      ],
      value: 0,
    },
  ],
  options: [
    {},
    { alpha: 1, beta: 10, epsilon: 1, lambda: 0.7 },
    { alpha: 5, beta: 50, epsilon: 0, center: 0.5 },
    { beta: 5, distance: euclidean() },
    { reduce: meanOfAll },
  ],
  golden: golden.cases.map(({ options: { reduce, ...options }, ...sample }) => ({
    ...sample,
    options: {
      ...options,
      distance: registry.distance(options.distance),
      ...(reduce === 'meanOfAll' && { reduce: meanOfAll }),
    } as MultiSimilarityOptions,
  })),
};
