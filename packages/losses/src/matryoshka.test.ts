import { defineLoss, type Loss } from '@simile/core';
import { testLoss, type GoldenLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, slice, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { logSumExp, meanOf, partners } from '../test/pairs.ts';
import { arcFace } from './arc-face.ts';
import { contrastive } from './contrastive.ts';
import golden from './matryoshka.golden.json' with { type: 'json' };
import { matryoshka } from './matryoshka.ts';
import { multipleNegativesRanking } from './multiple-negatives-ranking.ts';

interface Options {
  dimensions?: readonly number[];
  weights?: readonly number[];
  scale?: number;
}

/** With the lengths that a batch is wide enough for, so that batches of any width can be tried. */
function make({ dimensions = [1, 3], weights = dimensions.map(() => 1), scale = 2 }: Options = {}): Loss {
  const loss = multipleNegativesRanking({ scale });
  return defineLoss('matryoshka', {}, (labels, embeddings, reference) => {
    const fit = dimensions.flatMap((m, k) => (m <= embeddings.shape[1] ? [k] : []));
    const cut = { dimensions: fit.map((k) => dimensions[k]!), weights: fit.map((k) => weights[k]!) };
    return matryoshka({ loss, ...cut })(labels, embeddings, reference);
  });
}

/** Equation 1: cross entropy of each positive pair by loops, on prefixes. */
function oracle(input: LossOracleInput, { dimensions = [1, 3], weights, scale = 2 }: Options): number {
  return dimensions.reduce((total, m, k) => {
    if (m > input.rows[0]!.length) return total;
    const [rows, columns] = [input.rows, input.columns].map((all) => all.map((row) => row.slice(0, m)));
    const costs = partners({ ...input, rows: rows!, columns: columns! }, 'cosine').flatMap(({ positives, negatives }) =>
      positives.map(({ d }) => logSumExp([0, ...negatives.map((other) => scale * (d - other.d))])),
    );
    return total + (weights?.[k] ?? 1) * meanOf(costs);
  }, 0);
}

testLoss(
  make,
  {
    oracle,
    worked: [
      // First numbers alone: 1 and 1 of a class, −1 a stranger: log(1 + e^−4) for both anchors. In all: cosines 1 and 0, log(1 + e^−2).
      {
        options: { dimensions: [1, 2], weights: [3, 1] },
        labels: [0, 0, 1],
        rows: [
          [1, 1],
          [1, 1],
          [-1, 1],
        ],
        value: 3 * Math.log1p(Math.exp(-4)) + Math.log1p(Math.exp(-2)),
      },
    ],
    options: [{ dimensions: [2, 1], weights: [0.5, 2] }],
    golden: golden.cases as GoldenLoss<Options>[],
    rotationInvariant: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('matryoshka', () => {
  test('takes a loss of its own for each length, where those own weights', () => {
    const losses = [2, 4].map((dimension) => arcFace({ classes: 3, dimension }));
    const loss = matryoshka({ loss: losses, dimensions: [2, 4] });
    expect(loss.variables!.map(({ shape }) => shape)).toEqual([
      [3, 2],
      [3, 4],
    ]);
    expect(loss.options).toEqual({ loss: ['arc-face', 'arc-face'], dimensions: [2, 4], weights: [1, 1] });
    const row = tensor2d([[1, 2, 3, 4]]);
    const value = loss(tensor1d([1]), row);
    const parts = losses.map((each, k) => each(tensor1d([1]), slice(row, [0, 0], [1, [2, 4][k]!])).dataSync()[0]!);
    expect(value.dataSync()[0]).toBeCloseTo(parts[0]! + parts[1]!, 4);
    loss.dispose!();
    expect(losses.every(({ variables }) => variables![0]!.isDisposed)).toBe(true);
  });

  test('has the distance of its loss, and tells its options', () => {
    const loss = matryoshka({ loss: contrastive(), dimensions: [1, 2] });
    expect(loss.distance!.name).toBe('euclidean');
    expect(loss.options).toEqual({ loss: 'contrastive', dimensions: [1, 2], weights: [1, 1] });
  });

  test('says what is wrong with an option', () => {
    const loss = contrastive();
    expect(() => matryoshka({ loss, dimensions: [] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: matryoshka: dimensions must be different whole numbers above 0, but got []. Pass the lengths of the prefixes, such as [16, 32, 64]. [ERR_OPTION]]`,
    );
    expect(() => matryoshka({ loss, dimensions: [2, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: matryoshka: dimensions must be different whole numbers above 0, but got [2, 2]. Pass the lengths of the prefixes, such as [16, 32, 64]. [ERR_OPTION]]`,
    );
    expect(() => matryoshka({ loss, dimensions: [0.5] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: matryoshka: dimensions must be different whole numbers above 0, but got [0.5]. Pass the lengths of the prefixes, such as [16, 32, 64]. [ERR_OPTION]]`,
    );
    expect(() => matryoshka({ loss: [loss], dimensions: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: matryoshka: a list of losses must have 2, one a length, but got 1. Pass one loss for all lengths, or one for each. [ERR_OPTION]]`,
    );
    expect(() => matryoshka({ loss: 'circle' as never, dimensions: [1] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: matryoshka: loss must be a loss, such as multiSimilarity(), but got 'circle'. Pass what its factory returns. [ERR_OPTION]]`,
    );
    expect(() => matryoshka({ loss, dimensions: [1], weights: [NaN] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: matryoshka: weights must be 1 finite numbers, 0 or more, but got [NaN]. Leave weights out to let all count alike. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => matryoshka({ loss, dimensions: [1], dims: [1] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: matryoshka: options are loss, dimensions, weights, but got 'dims'. Check the spelling. [ERR_OPTION]]`,
    );
    // @ts-expect-error no lengths
    expect(() => matryoshka({ loss })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: matryoshka: dimensions must be different whole numbers above 0. Pass the lengths of the prefixes, such as [16, 32, 64]. [ERR_OPTION]]`,
    );
  });

  test('and of a call', () => {
    const loss = matryoshka({ loss: contrastive(), dimensions: [1, 3] });
    expect(() => loss(tensor1d([0]), tensor2d([[1, 2]]))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: matryoshka: embeddings must be at least 3 wide, the largest of dimensions, but got [1, 2]. Lower dimensions, or widen the last layer of the model. [ERR_SHAPE]]`,
    );
  });
});
