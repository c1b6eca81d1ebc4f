import { grad, sum, tensor1d, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectClose, leaked, onEachBackend } from '../test/backends.ts';
import { defineLoss } from './define.ts';
import { add, mul, reshape, square, type Tensor1D } from './ops.ts';
import { meanOfValid } from './reduce.ts';
import type { Reducer } from './contract.ts';
import { unreduced } from './unreduced.ts';

/** Squares of one-dimensional rows, of those with label 1. */
const squares = ({ reduce = meanOfValid }: { reduce?: Reducer } = {}) =>
  defineLoss('squares', {}, (labels, rows) => reduce(reshape(square(rows), [-1]) as Tensor1D, labels as Tensor1D));
const twice = ({ reduce = meanOfValid }: { reduce?: Reducer } = {}) =>
  defineLoss('twice', {}, (labels, rows) => {
    const costs = reshape(square(rows), [-1]) as Tensor1D;
    return add(reduce(costs, labels as Tensor1D), reduce(mul(costs, 10), labels as Tensor1D));
  });

onEachBackend(() => {
  describe('unreduced', () => {
    const labels = (): Tensor1D => tensor1d([1, 0, 1]);
    const rows = (): Tensor2D => tensor2d([[1], [2], [3]]);

    it('gives one cost an element, 0 for those that took no part', () => {
      expect([...unreduced((reduce) => squares({ reduce }))(labels(), rows()).dataSync()]).toEqual([1, 0, 9]);
    });

    it('adds kinds of elements up place by place', () => {
      expect([...unreduced((reduce) => twice({ reduce }))(labels(), rows()).dataSync()]).toEqual([11, 0, 99]);
    });

    it('has a gradient, and leaves one tensor', () => {
      const costs = unreduced((reduce) => squares({ reduce }));
      const slopes = grad((x) => sum(mul(costs(labels(), x as Tensor2D), tensor1d([1, 1, 2]))))(rows()).dataSync();
      expectClose(slopes, [2, 0, 12]);
      const [ids, x] = [labels(), rows()];
      expect(leaked(() => (costs(ids, x) ? 1 : 0))).toBe(0);
    });
  });
});
