import { testDistance } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { grad, setBackend, sum, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import golden from './minkowski.golden.json' with { type: 'json' };
import { minkowski } from './minkowski.ts';

const oracle =
  (p: number) =>
  (a: readonly number[], b: readonly number[]): number =>
    a.reduce((total, x, k) => total + Math.abs(x - b[k]!) ** p, 0) ** (1 / p);

testDistance(
  minkowski,
  {
    oracle: oracle(3),
    worked: [
      // ∛(1³ + 2³); ∛(3³ + 4³ + 5³) = 6
      {
        a: [
          [0, 0],
          [1, 2],
        ],
        distances: [
          [0, Math.cbrt(9)],
          [Math.cbrt(9), 0],
        ],
      },
      { a: [[1, 1, 1]], b: [[4, 5, -4]], distances: [[6]] },
    ],
    golden: golden.matrices,
    rotationInvariant: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

testDistance(
  () => minkowski({ p: 1.5 }),
  {
    oracle: oracle(1.5),
    worked: [{ a: [[0, 0]], b: [[4, 0]], distances: [[4]] }],
    rotationInvariant: false,
    backends: ['cpu'],
  },
  { test },
);

const rows = (): Tensor2D =>
  tensor2d([
    [0, 0, 1],
    [3, -4, 1],
  ]);

test('is the distance of another name at 1, 2 and Infinity, and says so', async () => {
  await setBackend('cpu');
  for (const [p, metric, wanted] of [
    [1, 'manhattan', 7],
    [2, 'euclidean', 5],
    [Infinity, 'chebyshev', 4],
  ] as const) {
    const distance = minkowski({ p });
    expect(distance.metric).toBe(metric);
    expect(distance.name).toBe('minkowski');
    expect(distance(rows()).arraySync()).toEqual([
      [0, wanted],
      [wanted, 0],
    ]);
  }
  expect(minkowski({ p: 2.5 }).metric).toBe('minkowski-2.5');
  expect(minkowski({ p: 2.5, normalize: true }).metric).toBe('normalized-minkowski-2.5');
});

test('neither overflows nor vanishes at a large power', async () => {
  await setBackend('cpu');
  for (const scale of [1e-10, 1, 1e10]) {
    const x = rows();
    const scaled = tensor2d(
      x.dataSync().map((value) => value * scale),
      [2, 3],
    );
    const distance = minkowski({ p: 50 });
    // 4 · (1 + (3/4)⁵⁰)^(1/50)
    const wanted = 4 * scale * (1 + 0.75 ** 50) ** (1 / 50);
    expect(Math.abs(distance(scaled).dataSync()[1]! / wanted - 1)).toBeLessThan(1e-6);
    const slopes = grad((at: Tensor) => sum(distance(at as Tensor2D)))(scaled).dataSync();
    expect(slopes.every(Number.isFinite)).toBe(true);
    expect(slopes[1]).toBeCloseTo(2, 4); // both places of the pair; the other coordinate has 0.75⁴⁹ of it
  }
});

test('says what is wrong with its options', () => {
  expect(() => minkowski({ p: 0.5 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: minkowski: p must be a number from 1 to 1000, but got 0.5. Leave p out to use the default. [ERR_OPTION]]`,
  );
  expect(() => minkowski({ p: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: minkowski: p must be a number from 1 to 1000, but got NaN. Leave p out to use the default. [ERR_OPTION]]`,
  );
  // @ts-expect-error a misspelt option
  expect(() => minkowski({ power: 3 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: minkowski: options are p, normalize, but got 'power'. Check the spelling. [ERR_OPTION]]`,
  );
});
