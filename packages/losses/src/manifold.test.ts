import { testClassLoss, type ClassBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { cosineOf, logSumExp } from '../test/class-oracle.ts';
import golden from './manifold.golden.json' with { type: 'json' };
import { manifold } from './manifold.ts';

interface Options {
  alpha?: number;
  contextWeight?: number;
  margin?: number;
  onlyViolations?: boolean;
}

/** Inverse of a matrix by elimination with the largest pivot. */
function inverseOf(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const by = rows[k]![k]!;
    rows[k] = rows[k]!.map((x) => x / by);
    rows.forEach((row, i) => {
      const factor = row[k]!;
      if (i === k || factor === 0) return;
      for (let j = k; j < 2 * n; j++) row[j]! -= factor * rows[k]![j]!;
    });
  }
  return rows.map((row) => row.slice(n));
}

/** The paper's equations by loops, with an inverse in place of a sum over walks. */
function oracle({ labels, rows, weights }: ClassBatch, options: Options): number {
  const { alpha = 0.8, contextWeight = 1, margin = 5e-4, onlyViolations = false } = options;
  const nodes = [...rows, ...weights];
  const s = nodes.map((a, i) => nodes.map((b, j) => (i === j ? 0 : Math.exp(2 * Math.max(0, cosineOf(a, b))))));
  const degrees = s.map((row) => row.reduce((x, y) => x + y, 0));
  const walks = inverseOf(
    s.map((row, i) => row.map((x, j) => (i === j ? 1 : 0) - (alpha * x) / Math.sqrt(degrees[i]! * degrees[j]!))),
  ).map((row) => row.map((x) => (1 - alpha) * x));
  const costOf = (similarity: readonly number[], label: number): number => {
    const ahead = similarity.map((x) => x - similarity[label]! + margin);
    return logSumExp([0, ...ahead.filter((x, k) => k !== label && !(onlyViolations && x < 0))]);
  };
  const costs = labels.map((label, i) => {
    const toProxies = weights.map((_, k) => walks[i]![rows.length + k]!);
    const alike = weights.map((_, k) => cosineOf(walks[i]!, walks[rows.length + k]!));
    return costOf(toProxies, label) + contextWeight * costOf(alike, label);
  });
  return costs.reduce((a, b) => a + b, 0) / costs.length;
}

testClassLoss<Options>(
  'manifold',
  manifold,
  {
    oracle,
    worked: [
      // Two proxies that nothing tells apart: log(1 + 1).
      {
        options: { contextWeight: 0, margin: 0 },
        labels: [0],
        rows: [[3, 0]],
        weights: [
          [1, 0],
          [1, 0],
        ],
        value: Math.LN2,
      },
      // And the same again of where their walks end.
      {
        options: { contextWeight: 0.5, margin: 1 },
        labels: [1],
        rows: [[3, 0]],
        weights: [
          [1, 0],
          [1, 0],
        ],
        value: 1.5 * Math.log1p(Math.E),
      },
    ],
    options: [{}, { alpha: 0.5, contextWeight: 0, margin: 0.1 }],
    golden: golden.cases,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('manifold', () => {
  test('tells its options', () => {
    const loss = manifold({ classes: 3, dimension: 2 });
    expect(loss.options).toEqual({
      classes: 3,
      dimension: 2,
      seed: 0,
      alpha: 0.8,
      contextWeight: 1,
      margin: 5e-4,
      onlyViolations: false,
    });
    loss.dispose!();
  });

  test('says what is wrong with an option', () => {
    const sizes = { classes: 2, dimension: 2 };
    expect(() => manifold({ ...sizes, alpha: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: manifold: alpha must be a number above 0 and below 1, but got 1. Leave alpha out to use the default. [ERR_OPTION]]`,
    );
    expect(() => manifold({ ...sizes, contextWeight: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: manifold: contextWeight must be a finite number, 0 or more, but got -1. Leave contextWeight out to use the default. [ERR_OPTION]]`,
    );
    expect(() => manifold({ ...sizes, margin: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: manifold: margin must be a finite number, but got NaN. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not true or false
    expect(() => manifold({ ...sizes, onlyViolations: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: manifold: onlyViolations must be one of true, false, but got 1. Leave onlyViolations out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => manifold({ ...sizes, lambdaC: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: manifold: options are classes, dimension, seed, weights, alpha, contextWeight, margin, onlyViolations, reduce, but got 'lambdaC'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
