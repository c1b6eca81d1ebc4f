import type { Triplets } from '@simile/core';
import { cosine, euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { memory, setBackend, tensor1d, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { dynamicSoftMargin, type DynamicSoftMarginOptions } from './dynamic-soft-margin.ts';
import golden from './dynamic-soft-margin.golden.json' with { type: 'json' };
import { distances, goldenOf, meanOf } from '../test/pairs.ts';

/** Differences of the triplets by loops. */
function differencesOf({ rows, columns, same }: LossOracleInput, options: DynamicSoftMarginOptions): number[] {
  const metric = distances[options.distance?.name ?? 'euclidean']!;
  const d = rows.map((row) => columns.map((column) => metric(row, column)));
  return rows.flatMap((_, a) =>
    columns.flatMap((__, p) => {
      if (same(a, p) !== true) return [];
      const ofAnchor = columns.flatMap((___, n) => (same(a, n) === false ? [d[a]![n]!] : []));
      if (options.negatives === 'all') return ofAnchor.map((away) => d[a]![p]! - away);
      const ofPositive = rows.flatMap((___, j) => (same(j, p) === false ? [d[j]![p]!] : []));
      const away = Math.min(...ofAnchor, ...ofPositive);
      return away === Infinity ? [] : [d[a]![p]! - away];
    }),
  );
}

/** The paper's equation with a histogram of this batch alone, that of `at`. */
function oracle(input: LossOracleInput, options: DynamicSoftMarginOptions, at: LossOracleInput): number {
  const { bins = 50, range = 2 } = options;
  const placeOf = (v: number): number => Math.min(bins, Math.max(0, ((v + range) * bins) / (2 * range)));
  const held = differencesOf(at, options).map(placeOf);
  const upTo: number[] = [];
  for (let r = 0; r <= bins; r++) {
    upTo.push((upTo[r - 1] ?? 0) + meanOf(held.map((x) => Math.max(0, 1 - Math.abs(x - r)))));
  }
  return meanOf(differencesOf(input, options).map((v, k) => upTo[Math.floor(held[k]!)]! * v));
}

testLoss(
  dynamicSoftMargin,
  {
    oracle,
    worked: [
      // Both pairs at 2, the negative at 1 of row 1: v = 1, at place 2½ of 4, half below it at 2 and half above.
      { options: { bins: 4, range: 4 }, labels: [0, 0, 1], rows: [[0], [2], [3]], value: 0.5 },
    ],
    // With momentum 0 nothing is remembered.
    options: [
      { momentum: 0, bins: 20, range: 3 },
      { momentum: 0, bins: 7, negatives: 'all', distance: cosine() },
    ],
    // Theirs takes the gradient through the histogram too; ours holds the weights, as the paper does.
    golden: goldenOf<DynamicSoftMarginOptions>(golden.cases).map(({ gradient: _gradient, ...sample }) => sample),
    nonNegative: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('dynamicSoftMargin', () => {
  const labels = tensor1d([0, 0, 1]);
  const at = (x: number): Tensor2D => tensor2d([[0], [x], [x + 1]]);
  const value = (loss: ReturnType<typeof dynamicSoftMargin>, x: number): number =>
    tidy(() => loss(labels, at(x)).dataSync()[0]!);

  test('remembers the batches before, by its momentum', () => {
    const loss = dynamicSoftMargin({ bins: 8, range: 4, momentum: 0.75 });
    // v = x − 1: of x = 2, at place 5 of 8: F = 1. Then v = 0, at place 4: a quarter of the weight. Then v = 2, at 6: all.
    expect(value(loss, 2)).toBeCloseTo(1, 6);
    expect(value(loss, 1)).toBeCloseTo(0, 6);
    expect(value(loss, 3)).toBeCloseTo(2, 6);
    // The histogram: ¾ · ¾ at 5, ¾ · ¼ at 4, ¼ at 6.
    const again = value(loss, 1.5); // v = ½, at place 4½: half at 4, half at 5, and F up to 4
    expect(again).toBeCloseTo(0.5 * (0.75 * 0.75 * 0.25 + 0.25 * 0.5), 6);
    loss.dispose!();
  });

  test('keeps its histogram through a batch without triplets', () => {
    const loss = dynamicSoftMargin({ bins: 8, range: 4, momentum: 0.5 });
    value(loss, 2);
    expect(tidy(() => loss(tensor1d([0, 1]), tensor2d([[0], [1]])).dataSync()[0])).toBe(0);
    expect(value(loss, 3)).toBeCloseTo(2, 6);
    // Half at 5, half at 6; the batch before this one took no part. v = 1 at place 5: ¼ + ½.
    expect(value(loss, 2)).toBeCloseTo(0.75, 6);
    loss.dispose!();
  });

  test('has its histogram in its state, from which another goes on', () => {
    const make = (): ReturnType<typeof dynamicSoftMargin> => dynamicSoftMargin({ bins: 8, range: 4, momentum: 0.75 });
    const [loss, other] = [make(), make()];
    value(loss, 2);
    expect([...loss.state![0]!.dataSync()]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0]);
    other.state![0]!.assign(loss.state![0]!);
    expect(value(other, 3)).toBe(value(loss, 3));
    expect([...other.state![0]!.dataSync()]).toEqual([0, 0, 0, 0, 0, 0.75, 0.25, 0, 0]);
    for (const each of [loss, other]) each.dispose!();
  });

  test('takes the triplets of a miner', () => {
    const miner = (): Triplets => ({
      kind: 'triplets',
      anchors: Int32Array.of(0, 1),
      positives: Int32Array.of(1, 0),
      negatives: Int32Array.of(2, 2),
    });
    const loss = dynamicSoftMargin({ bins: 8, range: 4, miner });
    // v of row 0: 2 − 3, at place 3; of row 1: 2 − 1, at place 5.
    expect(value(loss, 2)).toBeCloseTo((0.5 * -1 + 1) / 2, 6);
    loss.dispose!();
  });

  test('frees its histogram, and says so afterwards', () => {
    const before = memory().numTensors;
    const loss = dynamicSoftMargin();
    value(loss, 1);
    expect(memory().numTensors).toBe(before + 1);
    loss.dispose!();
    loss.dispose!();
    expect(memory().numTensors).toBe(before);
    expect(() => value(loss, 1)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: dynamic-soft-margin: the loss must still have its histogram. It was disposed of: make a new one. [ERR_STATE]]`,
    );
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    const loss = dynamicSoftMargin({ distance });
    expect(loss.distance).toBe(distance);
    expect(loss.options).toEqual({ bins: 50, range: 2, momentum: 0.99, negatives: 'hard', distance: 'cosine' });
    loss.dispose!();
    expect(euclidean().name).toBe('euclidean');
  });

  test('says what is wrong with an option', () => {
    expect(() => dynamicSoftMargin({ bins: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: dynamic-soft-margin: bins must be a whole number of at least 1, but got 0. Leave bins out to use the default. [ERR_OPTION]]`,
    );
    expect(() => dynamicSoftMargin({ momentum: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: dynamic-soft-margin: momentum must be a number from 0 to 1, but got 2. Leave momentum out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error no such strategy
    expect(() => dynamicSoftMargin({ negatives: 'semi-hard' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: dynamic-soft-margin: negatives must be one of 'hard', 'all', but got 'semi-hard'. Leave negatives out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => dynamicSoftMargin({ min_val: -2 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: dynamic-soft-margin: options are bins, range, momentum, negatives, distance, miner, reduce, but got 'min_val'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
