import {
  cast,
  equal,
  grad,
  max,
  mul,
  square,
  sum,
  tensor,
  tensor1d,
  tensor2d,
  where,
  zerosLike,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectClose, leaked, onEachBackend } from '../test/backends.ts';
import {
  asColumn,
  l2Normalize,
  logOnePlusSumExp,
  maskedArgMax,
  maskedArgMin,
  maskedLogSumExp,
  pick,
  pointers,
  rowHasAny,
  safeSqrt,
  stopGradient,
  withoutGradient,
} from './numerics.ts';
import { createRandom } from './random.ts';

type Rows = readonly (readonly number[])[];

/** Gradient of Σ weight · f by central differences of the float64 oracle. */
function differences(x: Rows, f: (x: Rows) => number[], weights: readonly number[]): number[] {
  const h = 1e-6;
  const total = (rows: Rows): number => f(rows).reduce((all, value, i) => all + value * weights[i]!, 0);
  const moved = (i: number, j: number, by: number): Rows =>
    x.map((row, r) => row.map((value, c) => (r === i && c === j ? value + by : value)));
  return x.flatMap((row, i) => row.map((_, j) => (total(moved(i, j, h)) - total(moved(i, j, -h))) / (2 * h)));
}

/** Gradient of Σ weight · f as tfjs computes it. */
function gradient(x: Rows, f: (x: Tensor2D) => Tensor, weights: readonly number[]): ArrayLike<number> {
  return grad((t) => {
    const result = f(t as Tensor2D);
    return sum(mul(result, tensor([...weights], result.shape)));
  })(tensor2d(x as number[][])).dataSync();
}

const values = (x: Rows, f: (x: Tensor2D) => Tensor): ArrayLike<number> => f(tensor2d(x as number[][])).dataSync();

const random = createRandom(17);
const matrix = (n: number, m: number, draw: () => number): number[][] =>
  Array.from({ length: n }, () => Array.from({ length: m }, draw));
const weightsOf = (count: number): number[] => Array.from({ length: count }, () => random.uniform(-2, 2));

onEachBackend(() => {
  describe('stopGradient and withoutGradient', () => {
    it('pass values and no slope', () => {
      // d/dx (stop(x) · x) = stop(x); without the stop it would be 2x.
      const slope = grad((x) => sum(mul(stopGradient(x), x)))(tensor1d([2, -3]));
      expect([...slope.dataSync()]).toEqual([2, -3]);
      expect([...stopGradient(tensor1d([2, -3])).dataSync()]).toEqual([2, -3]);
    });

    it('let a choice be made by operations that have no gradient', () => {
      const largest = (x: Tensor): Tensor => withoutGradient(x, (v) => cast(equal(v, max(v)), 'float32'));
      const slope = grad((x) => sum(mul(square(x), largest(x))))(tensor1d([1, 5, 2]));
      expect([...slope.dataSync()]).toEqual([0, 10, 0]);
    });
  });

  describe('safeSqrt', () => {
    it('is the square root, with its slope', () => {
      const x = [[4, 2, 0.25, 1e-6, 1e30]];
      expectClose(values(x, safeSqrt), [2, Math.SQRT2, 0.5, 1e-3, 1e15], 1e-6);
      expectClose(gradient(x, safeSqrt, [1, 1, 1, 1, 1]), [0.25, 0.353553, 1, 500, 5e-16], 1e-5);
    });

    it('is 0 with slope 0 at 0 and below', () => {
      const x = [[0, -1, 1e-30]];
      expect(Array.from(values(x, safeSqrt)).map(Math.abs)).toEqual([0, 0, 0]);
      expect(Array.from(gradient(x, safeSqrt, [1, 2, 3])).map(Math.abs)).toEqual([0, 0, 0]);
    });
  });

  describe('l2Normalize', () => {
    const oracle = (x: Rows): number[] =>
      x.flatMap((row) => {
        const length = Math.hypot(...row);
        return row.map((value) => value / length);
      });

    it.each([1e-6, 1e-3, 1, 1e3])('matches loops and their differences at lengths near %d', (size) => {
      const x = matrix(4, 6, () => random.uniform(-1, 1) * size);
      const weights = weightsOf(24);
      const unit = x.map((row) => row.map((value) => value / size));
      expectClose(values(x, l2Normalize), oracle(x), 1e-6);
      // The gradient at x is that at x/size, divided by size.
      const slope = Array.from(gradient(x, l2Normalize, weights), (value) => value * size);
      expectClose(slope, differences(unit, oracle, weights), 2e-5);
    });

    it('keeps its gradient at lengths whose cube overflows', () => {
      const size = 1e18;
      const x = [[3 * size, 4 * size]];
      expectClose(values(x, l2Normalize), [0.6, 0.8], 1e-6);
      // (I − u uᵀ) w / |x| with u = (0.6, 0.8), w = (1, 0): (0.64, −0.48) / 5e18.
      const slope = Array.from(gradient(x, l2Normalize, [1, 0]), (value) => value * size);
      expectClose(slope, [0.128, -0.096], 1e-5);
    });

    it('is 0 with slope 0 for a row of zeros, and leaves the others alone', () => {
      const x = [
        [0, 0],
        [3, 4],
      ];
      expectClose(values(x, l2Normalize), [0, 0, 0.6, 0.8]);
      expectClose(gradient(x, l2Normalize, [1, 1, 1, 0]), [0, 0, 0.64 / 5, -0.48 / 5]);
    });

    it('works over the last axis of any rank', () => {
      expectClose(l2Normalize(tensor([3, 4, 0, 2], [2, 1, 2])).dataSync(), [0.6, 0.8, 0, 1]);
      expectClose(l2Normalize(tensor1d([3, 4])).dataSync(), [0.6, 0.8]);
    });
  });

  describe.each([
    ['maskedLogSumExp', maskedLogSumExp, false],
    ['logOnePlusSumExp', logOnePlusSumExp, true],
  ] as const)('%s', (_, f, onePlus) => {
    const oracle =
      (mask: Rows) =>
      (x: Rows): number[] =>
        x.map((row, i) => {
          const chosen = row.filter((__, j) => mask[i]![j] === 1);
          if (onePlus) chosen.push(0);
          if (chosen.length === 0) return 0;
          const top = Math.max(...chosen);
          return top + Math.log(chosen.reduce((all, value) => all + Math.exp(value - top), 0));
        });
    const masked = (mask: Rows) => (x: Tensor2D) => f(x, tensor2d(mask as number[][]));
    const slopes = (x: Rows, mask: Rows, weights: readonly number[]): ArrayLike<number> =>
      gradient(x, masked(mask), weights);

    it.each([0.1, 1, 10, 80])('matches loops and their differences at sizes near %d', (size) => {
      const x = matrix(5, 7, () => random.uniform(-1, 1) * size);
      const mask = matrix(5, 7, () => random.integer(2));
      const weights = weightsOf(5);
      expectClose(values(x, masked(mask)), oracle(mask)(x), 1e-5);
      expectClose(slopes(x, mask, weights), differences(x, oracle(mask), weights), 2e-5);
    });

    it('is exact where exp overflows or vanishes', () => {
      const x = [
        [1000, 999],
        [-1000, -1001],
        [1e30, -1e30],
        [-3e38, -3e38],
      ];
      const mask = [
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 0],
      ];
      expectClose(values(x, masked(mask)), oracle(mask)(x), 1e-6);
      const soft = 1 / (1 + Math.exp(-1));
      const low = onePlus ? [0, 0] : [soft, 1 - soft];
      expectClose(slopes(x, mask, [1, 1, 1, 1]), [soft, 1 - soft, ...low, 1, 0, onePlus ? 0 : 1, 0], 1e-5);
    });

    it('does not see what the mask leaves out, not even infinities', () => {
      const x = [
        [1, Infinity, 2],
        [1, -Infinity, 2],
      ];
      const mask = [
        [1, 0, 1],
        [1, 0, 1],
      ];
      const plain = oracle([
        [1, 1],
        [1, 1],
      ])([
        [1, 2],
        [1, 2],
      ]);
      expectClose(values(x, masked(mask)), plain, 1e-6);
      const total = Math.exp(1) + Math.exp(2) + (onePlus ? 1 : 0);
      const row = [Math.exp(1) / total, 0, Math.exp(2) / total];
      expectClose(slopes(x, mask, [1, 1]), [...row, ...row], 1e-5);
    });

    it('is 0 with slope 0 for a row whose mask is empty', () => {
      const x = [
        [5, 1e30],
        [1, 1],
      ];
      const mask = [
        [0, 0],
        [1, 1],
      ];
      const value = onePlus ? Math.log(1 + 2 * Math.E) : 1 + Math.log(2);
      const slope = onePlus ? Math.E / (1 + 2 * Math.E) : 0.5;
      expectClose(values(x, masked(mask)), [0, value], 1e-6);
      expectClose(slopes(x, mask, [1, 1]), [0, 0, slope, slope], 1e-6);
    });

    it('shares the slope among equals', () => {
      const slope = onePlus ? Math.exp(3) / (1 + 3 * Math.exp(3)) : 1 / 3;
      expectClose(slopes([[3, 3, 3]], [[1, 1, 1]], [1]), [slope, slope, slope], 1e-6);
    });
  });

  describe('maskedArgMax and maskedArgMin', () => {
    const x = [
      [1, 9, 9, 4],
      [7, -8, -8, 0],
      [-2e38, 0, -3e38, 0],
      [5, 6, 7, 8],
    ];
    const mask = [
      [1, 1, 1, 0],
      [0, 1, 1, 1],
      [1, 0, 1, 0],
      [0, 0, 0, 0],
    ];

    it('find the first of the largest and smallest inside the mask, 0 where it is empty', () => {
      const most = maskedArgMax(tensor2d(x), tensor2d(mask));
      const least = maskedArgMin(tensor2d(x), tensor2d(mask));
      expect([most.dtype, least.dtype]).toEqual(['int32', 'int32']);
      expect([...most.dataSync()]).toEqual([1, 3, 0, 0]);
      expect([...least.dataSync()]).toEqual([0, 1, 2, 0]);
    });
  });

  describe('pointers and pick', () => {
    it('point at columns, a single one too', () => {
      expect(pointers(tensor1d([2, 0], 'int32'), 3).arraySync()).toEqual([
        [0, 0, 1],
        [1, 0, 0],
      ]);
      expect(pointers(tensor1d([0, 0], 'int32'), 1).arraySync()).toEqual([[1], [1]]);
    });

    it('take one entry a row, with its slope only', () => {
      const columns = tensor1d([2, 0], 'int32');
      const x = [
        [1, 2, 3],
        [4, 5, 6],
      ];
      expect(Array.from(values(x, (t) => pick(t, columns)))).toEqual([3, 4]);
      expectClose(
        gradient(x, (t) => pick(t, columns), [10, 20]),
        [0, 0, 10, 20, 0, 0],
      );
    });

    it('do not see what was not picked, not even infinities', () => {
      const columns = tensor1d([1], 'int32');
      const x = [[Infinity, 2, -Infinity]];
      expect(Array.from(values(x, (t) => pick(t, columns)))).toEqual([2]);
      expectClose(
        gradient(x, (t) => pick(t, columns), [3]),
        [0, 3, 0],
      );
    });

    it('never double a slope where two entries tie', () => {
      const all = tensor2d([[1, 1, 1]]);
      const largest = (t: Tensor2D): Tensor => pick(t, withoutGradient(t, (v) => maskedArgMax(v, all)) as Tensor1D);
      expectClose(gradient([[4, 7, 7]], largest, [1]), [0, 1, 0]);
    });
  });

  it('rowHasAny tells rows with an entry, asColumn stands a vector up', () => {
    expect([
      ...rowHasAny(
        tensor2d([
          [0, 0],
          [0, 1],
        ]),
      ).dataSync(),
    ]).toEqual([0, 1]);
    expect(asColumn(tensor1d([1, 2])).shape).toEqual([2, 1]);
  });

  it('each leaves one tensor', () => {
    const x = tensor2d([
      [1, 2],
      [3, 4],
    ]);
    const mask = tensor2d([
      [1, 0],
      [1, 1],
    ]);
    const columns = tensor1d([0, 1], 'int32');
    for (const run of [
      () => stopGradient(x),
      () => withoutGradient(x, (v) => where(cast(v, 'bool'), v, zerosLike(v))),
      () => safeSqrt(x),
      () => l2Normalize(x),
      () => maskedLogSumExp(x, mask),
      () => logOnePlusSumExp(x, mask),
      () => maskedArgMax(x, mask),
      () => maskedArgMin(x, mask),
      () => pointers(columns, 2),
      () => pick(x, columns),
      () => rowHasAny(mask),
      () => asColumn(tensor1d([1])),
    ]) {
      const made = run.toString().includes('tensor1d') ? 2 : 1;
      expect(
        leaked(() => (run() ? made : 0)),
        run.toString(),
      ).toBe(0);
    }
  });
});
