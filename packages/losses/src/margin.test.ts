import { cosine, euclidean } from '@simile/distances';
import { pairMatrix, type Triplets } from '@simile/core';
import { selectBackend } from '@simile/core/backend';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import {
  grad,
  memory,
  setBackend,
  tensor1d,
  tensor2d,
  tidy,
  variableGrads,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { goldenOf, partners } from '../test/pairs.ts';
import golden from './margin.golden.json' with { type: 'json' };
import { margin, type MarginOptions } from './margin.ts';

/** The equation by loops over pairs, the mean over those that cost something. */
function oracle(input: LossOracleInput, options: MarginOptions): number {
  const { margin: gap = 0.2, learnBeta = false, nu = 0, distance } = options;
  const beta = (options.beta ?? 1.2) as number;
  const costs = partners(input, distance?.name ?? 'euclidean').flatMap(({ positives, negatives }) => [
    ...positives.map(({ d }) => gap + d - beta),
    ...negatives.map(({ d }) => gap + beta - d),
  ]);
  const above = costs.filter((cost) => cost > 0);
  const price = learnBeta && costs.length > 0 ? nu * beta : 0;
  return above.reduce((a, b) => a + b, 0) / Math.max(above.length, 1) + price;
}

const everyTriplet: NonNullable<MarginOptions['miner']> = (labels): Triplets => {
  const ids = (labels as Tensor2D).dataSync();
  const found: [number, number, number][] = [];
  ids.forEach((a, i) =>
    ids.forEach((p, j) =>
      ids.forEach((n, k) => {
        if (i !== j && a === p && a !== n) found.push([i, j, k]);
      }),
    ),
  );
  const part = (at: 0 | 1 | 2): Int32Array => Int32Array.from(found, (triplet) => triplet[at]);
  return { kind: 'triplets', anchors: part(0), positives: part(1), negatives: part(2) };
};

testLoss(
  margin,
  {
    oracle,
    worked: [
      // Positives at 2, both ways: 2 − 2 + 0.5. Negatives at 3 cost nothing, at 1, both ways: 2 − 1 + 0.5.
      { options: { margin: 0.5, beta: 2 }, labels: [0, 0, 1], rows: [[0], [2], [3]], value: 1 },
    ],
    options: [{}, { margin: 0.5, beta: 0.8, learnBeta: true, nu: 0.1 }, { beta: 0.7, distance: cosine() }],
    // Theirs sums over triplets.
    golden: goldenOf<MarginOptions>(golden.cases).map(({ options, ...sample }) => ({
      ...sample,
      options: { ...options, miner: everyTriplet },
    })),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

const rows = (): Tensor2D => tensor2d([[0], [2], [3]]);

describe('margin', () => {
  test('counts the pairs of triplets as often as they come', () => {
    const miner = (): Triplets => ({
      kind: 'triplets',
      anchors: Int32Array.of(1, 1, 0),
      positives: Int32Array.of(0, 0, 1),
      negatives: Int32Array.of(2, 2, 2),
    });
    // Positives at 2 three times 0.5; negatives at 1, 1 and 3: twice 1.5.
    const value = tidy(
      () => margin({ margin: 0.5, beta: 2, miner })(tensor1d([0, 0, 1], 'int32'), rows()).dataSync()[0]!,
    );
    expect(value).toBeCloseTo((3 * 0.5 + 2 * 1.5) / 5, 6);
  });

  test('has a boundary to train, with its gradient', () => {
    const loss = margin({ margin: 0.5, beta: 2, learnBeta: true, nu: 0.25 });
    const [beta] = loss.variables!;
    const [labels, x] = [tensor1d([0, 0, 1]), rows()];
    const { value, grads } = variableGrads(() => loss(labels, x), [...loss.variables!]);
    // Two positives pull it up, two negatives down, of four pairs that cost something; the price adds 0.25 · 2.
    expect(value.dataSync()[0]).toBeCloseTo(1.5, 6);
    expect(grads[beta!.name]!.dataSync()[0]).toBeCloseTo(0.25, 6);
    for (const made of [value, ...Object.values(grads), labels, x]) made.dispose();
    loss.dispose!();
    loss.dispose!();
  });

  test('frees its boundary, and says so afterwards', () => {
    const before = memory().numTensors;
    const loss = margin({ learnBeta: true });
    expect(memory().numTensors).toBe(before + 1);
    loss.dispose!();
    expect(memory().numTensors).toBe(before);
    expect(() => tidy(() => loss(tensor1d([0, 0, 1]), rows()))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: margin: the loss must still have its boundary. It was disposed of: make a new one. [ERR_STATE]]`,
    );
    expect(margin().variables).toBeUndefined();
  });

  test('costs 0 without a pair, whatever the price of the boundary', () => {
    const loss = margin({ learnBeta: true, nu: 1 });
    expect(tidy(() => loss(tensor1d([0]), tensor2d([[1]])).dataSync()[0])).toBe(0);
    loss.dispose!();
  });

  /** The equation by loops over ordered pairs, with the boundary of the anchor's class; a class without one takes no part. */
  function ofClasses(
    x: readonly (readonly number[])[],
    labels: readonly number[],
    beta: readonly number[],
    { gap, nu }: { gap: number; nu: number },
  ): number {
    const costs: number[] = [];
    const prices: number[] = [];
    x.forEach((a, i) =>
      x.forEach((b, j) => {
        const bound = beta[labels[i]!];
        if (i === j || bound === undefined) return;
        const d = Math.hypot(...a.map((each, k) => each - b[k]!));
        costs.push(Math.max(0, labels[i] === labels[j] ? gap + d - bound : gap + bound - d));
        prices.push(bound);
      }),
    );
    const above = costs.filter((cost) => cost > 0);
    return above.reduce((a, b) => a + b, 0) / above.length + nu * (prices.reduce((a, b) => a + b, 0) / prices.length);
  }

  test.each(['cpu', 'wasm'] as const)('has a boundary a class, and its gradient, on %s', async (backend) => {
    await selectBackend({ prefer: backend });
    const labels = [0, 2, 1, 0, 2, 1, 0, 5, -1]; // of the last two classes there is no boundary
    const x = labels.map((_, i) => [0, 1, 2].map((k) => Math.fround(Math.sin(3.7 * i + 1.9 * k * k + 0.3))));
    const beta = [0.75, 1.25, 1];
    const options = { gap: 0.25, nu: 0.5 };
    const loss = margin({ margin: 0.25, beta, learnBeta: true, nu: 0.5 });
    const [ids, rowsOf] = [tensor1d(labels, 'int32'), tensor2d(x)];
    const { value, grads } = variableGrads(() => loss(ids, rowsOf), [...loss.variables!]);
    const slope = tidy(() => grad((y) => loss(ids, y as Tensor2D))(rowsOf).dataSync());
    const fixed = tidy(() => margin({ margin: 0.25, beta })(ids, rowsOf).dataSync()[0]!);
    expect(value.dataSync()[0]).toBeCloseTo(ofClasses(x, labels, beta, options), 5);
    expect(fixed).toBeCloseTo(ofClasses(x, labels, beta, { ...options, nu: 0 }), 5);
    const h = 1e-6;
    const moved = (list: readonly number[], at: number, by: number): number[] =>
      list.map((each, k) => (k === at ? each + by : each));
    const byBeta = beta.map(
      (_, c) =>
        (ofClasses(x, labels, moved(beta, c, h), options) - ofClasses(x, labels, moved(beta, c, -h), options)) /
        (2 * h),
    );
    const bySlope = x.flatMap((row, i) =>
      row.map((_, k) => {
        const at = (by: number): number =>
          ofClasses(
            x.map((other, j) => (j === i ? moved(other, k, by) : other)),
            labels,
            beta,
            options,
          );
        return (at(h) - at(-h)) / (2 * h);
      }),
    );
    [...grads[loss.variables![0]!.name]!.dataSync()].forEach((each, c) => expect(each).toBeCloseTo(byBeta[c]!, 4));
    bySlope.forEach((each, at) => expect(slope[at]).toBeCloseTo(each, 4));
    for (const made of [value, ...Object.values(grads), ids, rowsOf]) made.dispose();
    loss.dispose!();
    setBackend('cpu');
  });

  test('has a boundary a class for triplets of a miner too', () => {
    const miner = (): Triplets => ({
      kind: 'triplets',
      anchors: Int32Array.of(1, 2),
      positives: Int32Array.of(0, 0),
      negatives: Int32Array.of(2, 1),
    });
    // Row 1 (boundary 2): positive at 2, negative at 1. Row 2 (boundary 4): “positive” at 3, negative at 1.
    const value = tidy(
      () => margin({ margin: 0.5, beta: [2, 4], miner })(tensor1d([0, 0, 1], 'int32'), rows()).dataSync()[0]!,
    );
    expect(value).toBeCloseTo((0.5 + 1.5 + 3.5) / 3, 6);
  });

  test('wants class ids where there is a boundary a class', () => {
    const relation = pairMatrix(tensor2d([[0]]));
    expect(() => tidy(() => margin({ beta: [1, 2] })(relation, tensor2d([[1]])))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: margin: labels must be class ids, but got 'pair-matrix'. Use a loss over pairs for other relations. [ERR_SHAPE]]`,
    );
    expect(() => margin({ beta: [1, NaN] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: margin: beta must be a finite number, but got NaN. Leave beta out to use the default. [ERR_OPTION]]`,
    );
    expect(() => margin({ beta: [] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: margin: beta must be a finite number, but got []. Leave beta out to use the default. [ERR_OPTION]]`,
    );
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(margin({ distance }).distance).toBe(distance);
    expect(margin().distance!.name).toBe(euclidean().name);
    expect(margin().options).toEqual({ margin: 0.2, beta: 1.2, learnBeta: false, nu: 0, distance: 'euclidean' });
  });

  test('says what is wrong with an option', () => {
    expect(() => margin({ margin: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: margin: margin must be a finite number, 0 or more, but got -1. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    expect(() => margin({ beta: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: margin: beta must be a finite number, but got NaN. Leave beta out to use the default. [ERR_OPTION]]`,
    );
    expect(() => margin({ nu: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: margin: nu must be a finite number, 0 or more, but got -1. Leave nu out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not true or false
    expect(() => margin({ learnBeta: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: margin: learnBeta must be one of true, false, but got 1. Leave learnBeta out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => margin({ learn_beta: true })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: margin: options are margin, beta, learnBeta, nu, distance, miner, reduce, but got 'learn_beta'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
