import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { createRandom } from '@simile/core/random';
import { selectBackend } from '@simile/core/backend';
import { memory, tensor2d, valueAndGrad, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import golden from './sparse-centers.golden.json' with { type: 'json' };
import { sparseCenters } from './sparse-centers.ts';

/** Mean distance over the pairs of centers of a class, halved, in float64. */
function oracle(rows: readonly (readonly number[])[], k: number): number {
  const unit = rows.map((row) => {
    const length = Math.hypot(...row);
    return row.map((x) => x / length);
  });
  let [total, pairs] = [0, 0];
  unit.forEach((a, i) =>
    unit.forEach((b, j) => {
      if (j <= i || Math.floor(i / k) !== Math.floor(j / k)) return;
      total += Math.hypot(...a.map((x, at) => x - b[at]!));
      pairs++;
    }),
  );
  return total / pairs / 2;
}

const run = (rows: readonly (readonly number[])[], k: number): { value: number; slopes: Float32Array } => {
  const x = tensor2d(rows.flat(), [rows.length, rows[0]!.length]);
  const { value, grad } = valueAndGrad((at: Tensor) => sparseCenters({ centersPerClass: k })(at as Tensor2D))(x);
  return { value: value.dataSync()[0]!, slopes: grad.dataSync() as Float32Array };
};

describe.each(['cpu', 'wasm'] as const)('sparseCenters on %s', (backend) => {
  test('gives what paper and records say', async () => {
    await selectBackend({ prefer: backend });
    // One class with centers 90° apart: √2 / 2. Of the second, 180° apart: 2 / 2.
    expect(
      run(
        [
          [1, 0],
          [0, 3],
        ],
        2,
      ).value,
    ).toBeCloseTo(Math.SQRT1_2, 6);
    expect(
      run(
        [
          [1, 0],
          [0, 3],
          [0, 1],
          [0, -1],
        ],
        2,
      ).value,
    ).toBeCloseTo((Math.SQRT1_2 + 1) / 2, 6);
    for (const { rows, options, value, gradient } of golden.cases) {
      const got = run(rows, options.centersPerClass);
      expect(got.value).toBeCloseTo(value, 5);
      gradient.forEach((slope, at) => expect(got.slopes[at]).toBeCloseTo(slope, 4));
    }
  });

  test('agrees with loops, and its gradient with their differences', async () => {
    await selectBackend({ prefer: backend });
    const random = createRandom(3);
    for (const [classes, k] of [
      [2, 3],
      [1, 5],
      [4, 2],
    ] as const) {
      const rows = Array.from({ length: classes * k }, () =>
        Array.from({ length: 4 }, () => Math.fround(random.normal())),
      );
      const { value, slopes } = run(rows, k);
      expect(value).toBeCloseTo(oracle(rows, k), 5);
      rows.forEach((row, i) =>
        row.forEach((x, at) => {
          const moved = (step: number) =>
            rows.map((other, j) => (i === j ? other.map((y, l) => (l === at ? x + step : y)) : other));
          const slope = (oracle(moved(1e-6), k) - oracle(moved(-1e-6), k)) / 2e-6;
          expect(slopes[i * 4 + at]).toBeCloseTo(slope, 4);
        }),
      );
    }
  });

  test('is 0 with gradient 0 where centers have met, and finite for zeros', async () => {
    await selectBackend({ prefer: backend });
    const met = run(
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      3,
    );
    expect([met.value, ...met.slopes]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    const zeros = run(
      [
        [0, 0],
        [0, 0],
      ],
      2,
    );
    expect([zeros.value, ...zeros.slopes].every(Number.isFinite)).toBe(true);
  });

  test('leaves one tensor', async () => {
    await selectBackend({ prefer: backend });
    const x = tensor2d([
      [1, 0],
      [0, 1],
    ]);
    const before = memory().numTensors;
    const value = sparseCenters({ centersPerClass: 2 })(x);
    expect(memory().numTensors).toBe(before + 1);
    value.dispose();
  });
});

test('says what is wrong', () => {
  expect(() => sparseCenters({ centersPerClass: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: sparse-centers: centersPerClass must be a whole number of at least 2, but got 1. Leave centersPerClass out to use the default. [ERR_OPTION]]`,
  );
  expect(() => sparseCenters({ centersPerClass: 2 })(tensor2d([[1], [2], [3]]))).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: sparse-centers: rows must be 2 for each class, but got 3. Give centersPerClass as the loss has it. [ERR_SHAPE]]`,
  );
});
