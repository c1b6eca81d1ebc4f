import { multiLabel, pairMatrix, predicate } from '@simile/core';
import { cosine, euclidean, squaredEuclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { distances, goldenOf, meanOf } from '../test/pairs.ts';
import golden from './centroid-triplet.golden.json' with { type: 'json' };
import { centroidTriplet, type CentroidTripletOptions } from './centroid-triplet.ts';

type Row = readonly number[];

const centre = (rows: readonly Row[]): Row => rows[0]!.map((_, k) => meanOf(rows.map((row) => row[k]!)));

/** The paper's equation by loops over rows and groups of rows that are all of one class, found one after the other. */
function oracle({ rows, columns, same }: LossOracleInput, options: CentroidTripletOptions): number {
  const { margin = 0.3, soft = false, distance } = options;
  const d = distances[distance?.name ?? 'squared-euclidean']!;
  const own = rows === columns;
  // Against a reference, columns belong together that are alike to every row and are the positives of one.
  const alike = (j: number, k: number): boolean =>
    own ? same(j, k) === true : j !== k && rows.some((_, i) => same(i, j) === true && same(i, k) === true);
  const groups = columns.flatMap((_, j) => {
    if (columns.some((__, k) => k < j && alike(j, k))) return [];
    return [{ first: j, rows: columns.filter((__, k) => k === j || alike(j, k)) }];
  });
  return meanOf(
    rows.flatMap((row, i) => {
      const positives = columns.filter((_, j) => same(i, j) === true);
      if (positives.length === 0) return [];
      const toOwn = d(row, centre(positives));
      return groups
        .filter(({ first }) => same(i, first) === false)
        .map((group) => {
          const x = toOwn - d(row, centre(group.rows)) + margin;
          return soft ? Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0) : Math.max(x, 0);
        });
    }),
  );
}

testLoss(
  centroidTriplet,
  {
    oracle,
    worked: [
      // Rows 0 and 3: 4 from the own centroid, 9 from the other. Rows 1 and 2: 4 and 1.
      { options: { margin: 1 }, labels: [0, 0, 1, 1], rows: [[0], [2], [2], [4]], value: 2 },
      // A lone row has no cost, but its place is a centroid: rows 0 and 1: 1 − (2² or 1²) + 1.
      { options: { margin: 1 }, labels: [0, 0, 1], rows: [[0], [1], [2]], value: 0.5 },
    ],
    options: [{}, { margin: 1, soft: true, distance: cosine() }, { margin: 0.5, distance: euclidean() }],
    // A pair matrix says nothing of rows of a reference among themselves; within a batch it is tested below.
    relations: ['class-ids', 'column', 'float-ids'],
    golden: goldenOf<CentroidTripletOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('centroidTriplet', () => {
  const rows = tensor2d([[0], [2], [2], [4]]);
  const value = (labels: Parameters<ReturnType<typeof centroidTriplet>>[0]): number =>
    tidy(() => centroidTriplet({ margin: 1 })(labels, rows).dataSync()[0]!);

  test('takes other relations than class ids', () => {
    const same = tensor2d([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]); // prettier-ignore
    expect(value(pairMatrix(same))).toBeCloseTo(2, 6);
    expect(value(multiLabel(tensor2d([[1, 0], [1, 0], [0, 1], [0, 1]])))).toBeCloseTo(2, 6); // prettier-ignore
    expect(value(predicate([0, 0, 1, 1], (a, b) => a === b))).toBeCloseTo(2, 6);
  });

  test('refuses a pair matrix with a reference', () => {
    const reference = { labels: pairMatrix(tensor2d([[1], [0]])), embeddings: tensor2d([[1], [2]]) };
    expect(() =>
      tidy(() => centroidTriplet()(pairMatrix(tensor2d([[1, 0]])), tensor2d([[0]]), reference)),
    ).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: labels: a pair matrix must have shape [2, 2], but got [2, 1]. Give one row and one column an embedding. [ERR_SHAPE]]`,
    );
  });

  test('has its distance, and tells its options', () => {
    const distance = cosine();
    expect(centroidTriplet({ distance }).distance).toBe(distance);
    expect(centroidTriplet().options).toEqual({ margin: 0.3, soft: false, distance: squaredEuclidean().name });
  });

  test('says what is wrong with an option', () => {
    expect(() => centroidTriplet({ margin: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: centroid-triplet: margin must be a finite number, 0 or more, but got -1. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not true or false
    expect(() => centroidTriplet({ soft: 'yes' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: centroid-triplet: soft must be one of true, false, but got 'yes'. Leave soft out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a centroid is no pair
    expect(() => centroidTriplet({ miner: undefined })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: centroid-triplet: options are margin, soft, distance, reduce, but got 'miner'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
