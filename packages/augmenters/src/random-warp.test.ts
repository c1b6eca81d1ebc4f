import fc from 'fast-check';
import { createRandom, type Random } from '@simile/core/random';
import { describe, expect, test } from 'vitest';
import { randomWarp, type RandomWarpOptions } from './random-warp.ts';

/** Random numbers from lists: uniform ones as they are, normal ones times the deviation. */
function dictated(uniform: readonly number[], normal: readonly number[]): Random {
  let [u, n] = [0, 0];
  return {
    ...createRandom(0),
    uniform: () => uniform[u++]!,
    normal: (mean = 0, deviation = 1) => mean + deviation * normal[n++]!,
  };
}

interface Change {
  rotation: number;
  logScaleX: number;
  logScaleY: number;
  shear: number;
  shiftX: number;
  shiftY: number;
}

/**
 * One channel, all in float64, straight from the definition: the change is built as a product of matrices and inverted by
 * Cramer's rule; the cubic surface is the double sum over the 16 knots around each pixel; bilinear with zeros outside.
 */
function oracle(image: number[][], change: Change, knots: { x: number[][]; y: number[][] }): number[][] {
  const [height, width] = [image.length, image[0]!.length];
  const times = (p: number[][], q: number[][]) =>
    p.map((row) => q[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * q[k]![j]!, 0)));
  const angle = (change.rotation / 180) * Math.PI;
  const turn = [[Math.cos(angle), Math.sin(angle)], [-Math.sin(angle), Math.cos(angle)]]; // prettier-ignore
  const scale = [[Math.exp(change.logScaleX), 0], [0, Math.exp(change.logScaleY)]]; // prettier-ignore
  const [[a, b], [c, d]] = times(times(turn, [[1, change.shear], [0, 1]]), scale) as [[number, number], [number, number]]; // prettier-ignore
  const determinant = a * d - b * c;
  const cubic = (distance: number) => {
    const s = Math.abs(distance);
    if (s <= 1) return (3 * s * s * s - 5 * s * s + 2) / 2;
    return s < 2 ? (-(s * s * s) + 5 * s * s - 8 * s + 4) / 2 : 0;
  };
  const surface = (grid: number[][], row: number, column: number) => {
    const n = grid.length;
    const [y, x] = [((row + 0.5) / height) * n - 0.5, ((column + 0.5) / width) * n - 0.5];
    let sum = 0;
    for (let i = -2; i < n + 2; i++) {
      for (let j = -2; j < n + 2; j++) {
        const knot = grid[Math.min(Math.max(i, 0), n - 1)]![Math.min(Math.max(j, 0), n - 1)]!;
        sum += knot * cubic(y - i) * cubic(x - j);
      }
    }
    return sum;
  };
  return image.map((line, row) =>
    line.map((_, column) => {
      const qx = column - (width - 1) / 2 - change.shiftX;
      const qy = row - (height - 1) / 2 - change.shiftY;
      let x = (d * qx - b * qy) / determinant + (width - 1) / 2;
      let y = (a * qy - c * qx) / determinant + (height - 1) / 2;
      x += surface(knots.x, row, column);
      y += surface(knots.y, row, column);
      let sum = 0;
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          sum += image[i]![j]! * Math.max(0, 1 - Math.abs(x - j)) * Math.max(0, 1 - Math.abs(y - i));
        }
      }
      return sum;
    }),
  );
}

function expectClose(got: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

const warp = (image: number[][], options: RandomWarpOptions, random = createRandom(0)) =>
  randomWarp(options)({ data: Float32Array.from(image.flat()), shape: [1, image.length, image[0]!.length] }, random);

const nine = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; // prettier-ignore

describe('randomWarp', () => {
  test('leaves images as they are, bit for bit, when nothing is asked of it', () => {
    const random = createRandom(3);
    const data = Float32Array.from({ length: 2 * 5 * 4 * 3 }, () => random.uniform());
    expect(randomWarp()({ data, shape: [2, 5, 4, 3] }, createRandom(1))).toEqual({ data, shape: [2, 5, 4, 3] });
    expect([...warp(nine, { elastic: { deviation: 0 } }).data]).toEqual(nine.flat());
  });

  test('turns counter-clockwise by 90 degrees', () => {
    expectClose(warp(nine, { rotation: [90, 90] }).data, [3, 6, 9, 2, 5, 8, 1, 4, 7], 1e-5);
  });

  test('shifts by whole pixels exactly, to the right and down, with zeros from outside', () => {
    expect([...warp(nine, { shift: [1, 1] }).data]).toEqual([0, 0, 0, 0, 1, 2, 0, 4, 5]);
    expect([...warp(nine, { shift: [-2, -2] }).data]).toEqual([9, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...warp(nine, { shift: [9, 9] }).data]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('takes half of each neighbour at half a pixel', () => {
    // (1 + 2 + 4 + 5) / 4 = 3 between the first four; at the edge what lies outside counts as 0: 1/4
    expectClose(warp(nine, { shift: [0.5, 0.5] }).data, [0.25, 0.75, 1.25, 1.25, 3, 4, 2.75, 6, 7], 1e-6);
  });

  test('shears the lower rows to the right', () => {
    expect([...warp(nine, { shear: [1, 1] }).data]).toEqual([2, 3, 0, 4, 5, 6, 0, 7, 8]);
  });

  test('enlarges with a log-scale above 0', () => {
    // twice as large about the centre of 4 numbers: columns come from ¾, 1¼, 1¾, 2¼
    const row = [[0, 4, 8, 12]];
    const tall = [row[0]!, row[0]!, row[0]!, row[0]!];
    expectClose(warp(tall, { logScale: [Math.LN2, Math.LN2] }).data.subarray(4, 8), [3, 5, 7, 9], 1e-5);
  });

  test('agrees with a float64 oracle for any turn, scale, shear, shift and elastic field at once', () => {
    // Not fc.double, which draws mostly numbers near 0.
    const amount = (most: number) => fc.integer({ min: -1000, max: 1000 }).map((value) => (value * most) / 1000);
    const sample = fc.record({
      rotation: amount(180),
      logScaleX: amount(0.7),
      logScaleY: amount(0.7),
      shear: amount(0.8),
      shiftX: amount(4),
      shiftY: amount(4),
      height: fc.integer({ min: 1, max: 9 }),
      width: fc.integer({ min: 1, max: 9 }),
      grid: fc.integer({ min: 1, max: 6 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(sample, ({ height, width, grid, seed, ...change }) => {
        const random = createRandom(seed);
        const square = (rows: number, columns: number, draw: () => number) =>
          Array.from({ length: rows }, () => Array.from({ length: columns }, draw));
        const image = square(height, width, () => Math.fround(random.uniform()));
        const knots = { x: square(grid, grid, () => random.normal()), y: square(grid, grid, () => random.normal()) };
        const draws = dictated(
          Object.values(change),
          [...knots.x.flat(), ...knots.y.flat()].map((value) => value / 2),
        );
        const got = warp(image, { elastic: { grid, deviation: 2 } }, draws);
        expectClose(got.data, oracle(image, change, knots).flat(), 1e-5);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  test('treats channels alike, and images each in its own way', () => {
    const plane = Float32Array.from({ length: 36 }, (_, i) => Math.sin(i));
    const colour = Float32Array.from({ length: 36 * 3 }, (_, i) => plane[Math.floor(i / 3)]! * ((i % 3) + 1));
    const options = { rotation: 30, shift: 2, elastic: {} };
    const grey = randomWarp(options)({ data: plane, shape: [1, 6, 6, 1] }, createRandom(5));
    const three = randomWarp(options)({ data: colour, shape: [1, 6, 6, 3] }, createRandom(5));
    expectClose(
      three.data,
      Array.from({ length: 108 }, (_, i) => grey.data[Math.floor(i / 3)]! * ((i % 3) + 1)),
      1e-6,
    );
    const two = randomWarp(options)(
      { data: new Float32Array([...plane, ...plane]), shape: [2, 6, 6] },
      createRandom(5),
    );
    expect([...two.data.subarray(0, 36)]).toEqual([...grey.data]);
    expect([...two.data.subarray(36)]).not.toEqual([...grey.data]);
  });

  test('takes uint8 and gives float32 between the least and largest value, never touching what it got', () => {
    const data = Uint8Array.from({ length: 10 * 28 * 28 }, (_, i) => (i * 7919) % 256);
    const kept = data.slice();
    const options = { rotation: 15, logScale: 0.15, shear: 0.2, shift: 2, elastic: { grid: 5, deviation: 0.8 } };
    const { data: got, shape } = randomWarp(options)({ data, shape: [10, 28, 28, 1] }, createRandom(2));
    expect(got).toBeInstanceOf(Float32Array);
    expect(shape).toEqual([10, 28, 28, 1]);
    expect(data).toEqual(kept);
    expect(got.every((value) => value >= 0 && value <= 255)).toBe(true);
    expect(got.some((value) => value !== Math.round(value))).toBe(true);
  });

  test('gives the same for a seed, and another for another', () => {
    const options = { rotation: 20, elastic: {} };
    expect(warp(nine, options, createRandom(1))).toEqual(warp(nine, options, createRandom(1)));
    expect(warp(nine, options, createRandom(2))).not.toEqual(warp(nine, options, createRandom(1)));
  });

  test('draws from the whole range, each axis by itself', () => {
    // A bright pixel in the middle of 41 × 41, shifted: where it is found tells the draws.
    const count = 400;
    const data = new Float32Array(count * 41 * 41);
    for (let i = 0; i < count; i++) data[i * 1681 + 840] = 1;
    const { data: got } = randomWarp({ shift: 10 })({ data, shape: [count, 41, 41] }, createRandom(8));
    const at = Array.from({ length: count }, (_, i) => {
      let [x, y] = [0, 0];
      for (let p = 0; p < 1681; p++) {
        x += got[i * 1681 + p]! * ((p % 41) - 20);
        y += got[i * 1681 + p]! * (Math.floor(p / 41) - 20);
      }
      return { x, y };
    });
    for (const values of [at.map(({ x }) => x), at.map(({ y }) => y)]) {
      expect(Math.min(...values)).toBeGreaterThanOrEqual(-10.0001);
      expect(Math.min(...values)).toBeLessThan(-9.5); // (0.975)⁴⁰⁰ is 4e-5
      expect(Math.max(...values)).toBeGreaterThan(9.5);
      expect(Math.max(...values)).toBeLessThanOrEqual(10.0001);
    }
    const product = at.reduce((sum, { x, y }) => sum + x * y, 0) / count;
    expect(Math.abs(product)).toBeLessThan(6.7); // deviation of the mean is 10²/3/√400 ≈ 1.7
  });

  test('refuses ranges, options and items that make no sense', () => {
    expect(() => randomWarp({ rotation: -5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-warp: rotation must be a finite number of at least 0, or a pair of finite numbers, the lower first, but got -5. Leave rotation out to use the default. [ERR_OPTION]]`,
    );
    expect(() => randomWarp({ shift: [1, 0] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-warp: shift must be a finite number of at least 0, or a pair of finite numbers, the lower first, but got [1, 0]. Leave shift out to use the default. [ERR_OPTION]]`,
    );
    expect(() => randomWarp({ shear: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-warp: shear must be a finite number of at least 0, or a pair of finite numbers, the lower first, but got NaN. Leave shear out to use the default. [ERR_OPTION]]`,
    );
    expect(() => randomWarp({ scale: 1 } as object)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-warp: options are rotation, logScale, shear, shift, elastic, but got 'scale'. Check the spelling. [ERR_OPTION]]`,
    );
    expect(() => randomWarp({ elastic: { grid: 0 } })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-warp: grid must be a whole number of at least 1, but got 0. Leave grid out to use the default. [ERR_OPTION]]`,
    );
    expect(() => randomWarp({ elastic: { deviation: -1 } })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-warp: deviation must be a finite number, 0 or more, but got -1. Leave deviation out to use the default. [ERR_OPTION]]`,
    );
    const rows = { data: new Float32Array(6), shape: [2, 3] };
    expect(() => randomWarp()(rows, createRandom(0))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-warp: images must have shape [count, height, width] or [count, height, width, channels], but got [2, 3]. Give images, channels last. [ERR_SHAPE]]`,
    );
  });
});
