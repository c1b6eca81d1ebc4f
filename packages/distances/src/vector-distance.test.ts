import '@tensorflow/tfjs-backend-cpu';
import { createRandom } from '@simile/core/random';
import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  angular,
  chebyshev,
  cosine,
  euclidean,
  hamming,
  innerProduct,
  jaccard,
  manhattan,
  minkowski,
  snr,
  squaredEuclidean,
} from './index.ts';
import { checkDistanceName, distanceNames, isDistanceName, vectorDistance } from './vectors.ts';

const normalize = true;
const forms = [
  angular(),
  chebyshev(),
  cosine(),
  euclidean(),
  hamming(),
  innerProduct(),
  jaccard(),
  manhattan(),
  minkowski({ p: 1 }),
  minkowski({ p: 1.5 }),
  minkowski(),
  minkowski({ p: 40 }),
  snr(),
  squaredEuclidean(),
  chebyshev({ normalize }),
  euclidean({ normalize }),
  innerProduct({ normalize }),
  manhattan({ normalize }),
  minkowski({ p: 4, normalize }),
  snr({ normalize }),
  squaredEuclidean({ normalize }),
];

beforeAll(() => setBackend('cpu'));

describe('vectorDistance', () => {
  test('knows every distance on tensors', () => {
    const metrics = forms.map(({ metric }) => metric);
    expect(metrics).toEqual(expect.arrayContaining([...distanceNames]));
    expect(metrics.filter((metric) => !isDistanceName(metric))).toEqual([]);
  });

  test.each(forms.map((form) => [form.metric, form] as const))(
    '%s agrees with the form on tensors, special rows included',
    (name, form) => {
      if (!isDistanceName(name)) throw new Error(name);
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
      const matrix = form(a);
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
    },
  );

  test('gives what paper gives', () => {
    const [a, b] = [Float32Array.of(3, 4), Float32Array.of(4, 3)];
    expect(vectorDistance('cosine')(a, b)).toBeCloseTo(0.04, 12);
    expect(vectorDistance('euclidean')(a, b)).toBeCloseTo(Math.SQRT2, 12);
    expect(vectorDistance('squared-euclidean')(a, b)).toBe(2);
    expect(vectorDistance('manhattan')(a, b)).toBe(2);
    expect(vectorDistance('inner-product')(a, b)).toBe(-24);
    // var(3, 4) = 1/4; differences (−1, 1), variance 1
    expect(vectorDistance('snr')(a, b)).toBe(4);
    expect(vectorDistance('chebyshev')(a, Float32Array.of(10, 1))).toBe(7);
    expect(vectorDistance('minkowski-3')(a, Float32Array.of(4, 6))).toBeCloseTo(9 ** (1 / 3), 12);
    expect(vectorDistance('normalized-manhattan')(a, b)).toBeCloseTo(0.4, 12); // (3, 4)/5 and (4, 3)/5
    expect(vectorDistance('angular')(a, b)).toBeCloseTo(Math.acos(24 / 25), 12);
    expect(vectorDistance('angular')(a, Float32Array.of(-6, -8))).toBeCloseTo(Math.PI, 12);
    const [bits, others] = [Float32Array.of(1, 1, 1, 0), Float32Array.of(0, 1, 1, 0)];
    expect(vectorDistance('hamming')(bits, others)).toBe(1 / 4);
    expect(vectorDistance('jaccard')(bits, others)).toBeCloseTo(1 / 3, 12); // 2 of 3 in both
  });

  test('is exact where a constant anchor or a zero vector would divide by 0', () => {
    const [zero, x] = [Float32Array.of(0, 0), Float32Array.of(1, 3)];
    expect(vectorDistance('cosine')(zero, x)).toBe(1);
    expect(vectorDistance('cosine')(zero, zero)).toBe(1);
    expect(vectorDistance('snr')(zero, x)).toBe(1 / 1e-12);
    expect(vectorDistance('snr')(zero, zero)).toBe(0);
    expect(vectorDistance('angular')(zero, x)).toBe(Math.PI / 2);
    expect(vectorDistance('angular')(zero, zero)).toBe(Math.PI / 2);
    expect(vectorDistance('jaccard')(zero, zero)).toBe(0);
    expect(vectorDistance('jaccard')(zero, x)).toBe(1);
    expect(vectorDistance('minkowski-3')(zero, zero)).toBe(0);
    expect(vectorDistance('minkowski-300')(zero, x)).toBeCloseTo(3, 12); // 3³⁰⁰ is beyond float32
    expect(vectorDistance('normalized-euclidean')(zero, x)).toBeCloseTo(1, 12);
  });

  test('refuses vectors of different lengths', () => {
    expect(() => vectorDistance('cosine')([1, 2], [1])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cosine: both vectors must have 2 numbers, the length of the first, but got 1. Compare vectors of one model. [ERR_SHAPE]]`,
    );
  });

  test('refuses a name that it does not know', () => {
    // @ts-expect-error not one of the names
    expect(() => vectorDistance('levenshtein')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: vector-distance: name must be one of angular, chebyshev, cosine, euclidean, hamming, inner-product, jaccard, manhattan, snr, squared-euclidean, or minkowski-P with P from 1 to 1000, or normalized- before one that depends on length, but got 'levenshtein'. Check the spelling. [ERR_OPTION]]`,
    );
    expect(() => checkDistanceName('index', { metric: 'minkowski-0' })).toThrow(
      /^index: metric must be one of angular,/,
    );
    expect(() => checkDistanceName('index', { metric: 'normalized-snr' })).not.toThrow();
    const wrong = [
      'minkowski',
      'minkowski-0.5',
      'minkowski-1001',
      'minkowski-x',
      'normalized-cosine',
      'normalized-',
      'toString',
    ];
    expect(wrong.filter((name) => isDistanceName(name))).toEqual([]);
    expect(isDistanceName('normalized-normalized-euclidean')).toBe(false);
  });
});
