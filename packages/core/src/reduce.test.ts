import { grad, tensor1d, type Scalar, type Tensor1D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectClose, leaked, onEachBackend } from '../test/backends.ts';
import { meanOfAll, meanOfPositive, meanOfValid, sumOfValid } from './reduce.ts';

const costs = [3, -1, 0, 5, 2];
const valid = [1, 1, 1, 0, 1];

onEachBackend(() => {
  const value = (reduce: (c: Tensor1D, v: Tensor1D) => Scalar, c: number[], v: number[]): number =>
    reduce(tensor1d(c), tensor1d(v)).dataSync()[0]!;
  const gradient = (reduce: (c: Tensor1D, v: Tensor1D) => Scalar, c: number[], v: number[]): ArrayLike<number> =>
    grad((x) => reduce(x as Tensor1D, tensor1d(v)))(tensor1d(c)).dataSync();

  describe.each([
    // Valid costs are 3, −1, 0 and 2: sum 4.
    ['meanOfValid', meanOfValid, 4 / 4, [1 / 4, 1 / 4, 1 / 4, 0, 1 / 4]],
    ['meanOfAll', meanOfAll, 4 / 5, [1 / 5, 1 / 5, 1 / 5, 0, 1 / 5]],
    ['sumOfValid', sumOfValid, 4, [1, 1, 1, 0, 1]],
    // Of those above 0 are 3 and 2.
    ['meanOfPositive', meanOfPositive, 5 / 2, [1 / 2, 0, 0, 0, 1 / 2]],
  ] as const)('%s', (_, reduce, expected, slope) => {
    it('counts what it should, in value and gradient', () => {
      expect(value(reduce, costs, valid)).toBeCloseTo(expected, 6);
      expectClose(gradient(reduce, costs, valid), slope);
    });

    it('is 0 with gradient 0 when nothing took part', () => {
      expect(value(reduce, costs, [0, 0, 0, 0, 0])).toBe(0);
      expectClose(gradient(reduce, costs, [0, 0, 0, 0, 0]), [0, 0, 0, 0, 0]);
    });

    it('is 0 for no elements at all', () => {
      expect(value(reduce, [], [])).toBe(0);
    });

    it('leaves one tensor', () => {
      const [c, v] = [tensor1d(costs), tensor1d(valid)];
      expect(leaked(() => (reduce(c, v) ? 1 : 0))).toBe(0);
    });
  });
});
