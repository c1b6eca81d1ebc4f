import '@tensorflow/tfjs-backend-cpu';
import { createRandom } from '@simile/core/random';
import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { cosine, euclidean, innerProduct, manhattan, snr, squaredEuclidean } from './index.ts';
import { distanceNames, vectorDistance } from './vectors.ts';

const forms = {
  cosine,
  euclidean,
  'inner-product': innerProduct,
  manhattan,
  snr,
  'squared-euclidean': squaredEuclidean,
};

beforeAll(() => setBackend('cpu'));

describe('vectorDistance', () => {
  test.each(distanceNames)('%s agrees with the form on tensors, special rows included', (name) => {
    const random = createRandom(4);
    const rows = Array.from({ length: 12 }, () => Float32Array.from({ length: 5 }, () => random.normal()));
    rows[3] = rows[2]!;
    rows[5] = new Float32Array(5);
    rows[6] = new Float32Array(5).fill(2);
    rows[7] = rows[2]!.map((x) => -x);
    rows[8] = rows[2]!.map((x) => x * 1e-14);
    const a = tensor2d(
      rows.flatMap((row) => [...row]),
      [12, 5],
    );
    const matrix = forms[name]().call(undefined, a);
    const got = matrix.dataSync();
    const distance = vectorDistance(name);
    rows.forEach((row, i) =>
      rows.forEach((other, j) => {
        const wanted = distance(row, other);
        expect(Math.abs(got[i * 12 + j]! - wanted), `${i}, ${j}`).toBeLessThanOrEqual(
          2e-6 * Math.max(1, Math.abs(wanted)),
        );
      }),
    );
    a.dispose();
    matrix.dispose();
  });

  test('gives what paper gives', () => {
    const [a, b] = [Float32Array.of(3, 4), Float32Array.of(4, 3)];
    expect(vectorDistance('cosine')(a, b)).toBeCloseTo(0.04, 12);
    expect(vectorDistance('euclidean')(a, b)).toBeCloseTo(Math.SQRT2, 12);
    expect(vectorDistance('squared-euclidean')(a, b)).toBe(2);
    expect(vectorDistance('manhattan')(a, b)).toBe(2);
    expect(vectorDistance('inner-product')(a, b)).toBe(-24);
    // var(3, 4) = 1/4; differences (−1, 1), variance 1
    expect(vectorDistance('snr')(a, b)).toBe(4);
  });

  test('is exact where a constant anchor or a zero vector would divide by 0', () => {
    const [zero, x] = [Float32Array.of(0, 0), Float32Array.of(1, 3)];
    expect(vectorDistance('cosine')(zero, x)).toBe(1);
    expect(vectorDistance('cosine')(zero, zero)).toBe(1);
    expect(vectorDistance('snr')(zero, x)).toBe(1 / 1e-12);
    expect(vectorDistance('snr')(zero, zero)).toBe(0);
  });

  test('refuses vectors of different lengths', () => {
    expect(() => vectorDistance('cosine')([1, 2], [1])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cosine: both vectors must have 2 numbers, the length of the first, but got 1. Compare vectors of one model. [ERR_SHAPE]]`,
    );
  });

  test('refuses a name that it does not know', () => {
    // @ts-expect-error not one of the names
    expect(() => vectorDistance('hamming')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: vector-distance: name must be one of 'cosine', 'euclidean', 'inner-product', 'manhattan', 'snr', 'squared-euclidean', but got 'hamming'. Leave name out to use the default. [ERR_OPTION]]`,
    );
  });
});
