import { grad, tensor1d, tensor2d, type Tensor1D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectClose, leaked, onEachBackend } from '../test/backends.ts';
import { classWeighted } from './class-weighted.ts';
import { sumOfValid } from './reduce.ts';
import { multiLabel } from './relation.ts';

onEachBackend(() => {
  describe('classWeighted', () => {
    it('weighs each cost by the class of its anchor, in value and gradient', () => {
      const reduce = classWeighted({ weights: [0.5, 2, 3] });
      const source = { labels: tensor1d([2, 0, 1], 'int32'), rows: 3 };
      const valid = tensor1d([1, 1, 1, 0, 1, 1]);
      // Two costs a row: rows 0, 0, 1, 1, 2, 2 weigh 3, 3, ½, ½, 2, 2, and the fourth takes no part.
      const f = (costs: Tensor1D) => reduce(costs, valid, source);
      expect(f(tensor1d([1, 2, 4, 9, 5, 6])).dataSync()[0]).toBeCloseTo((3 + 6 + 2 + 10 + 12) / 5, 5);
      const slopes = grad((x) => f(x as Tensor1D))(tensor1d([1, 2, 4, 9, 5, 6])).dataSync();
      expectClose(slopes, [0.6, 0.6, 0.1, 0, 0.4, 0.4]);
    });

    it('goes by a list of anchors, and hands the weighted costs on', () => {
      const reduce = classWeighted({ weights: [10, 100], reduce: sumOfValid });
      const source = { labels: tensor2d([[1], [0]]), rows: 2, anchors: Int32Array.of(1, 1, 0) };
      expect(reduce(tensor1d([1, 2, 3]), tensor1d([1, 1, 1]), source).dataSync()[0]).toBeCloseTo(10 + 20 + 300, 3);
    });

    it('lets a class without a weight weigh 1', () => {
      const source = { labels: tensor1d([0, 7, -1], 'int32'), rows: 3 };
      const reduce = classWeighted({ weights: [4], reduce: sumOfValid });
      expect(reduce(tensor1d([1, 10, 100]), tensor1d([1, 1, 1]), source).dataSync()[0]).toBeCloseTo(114, 4);
    });

    it('weighs a single cost', () => {
      const source = { labels: tensor1d([1], 'int32'), rows: 1 };
      expect(classWeighted({ weights: [1, 4] })(tensor1d([2]), tensor1d([1]), source).dataSync()[0]).toBe(8);
    });

    it('is 0 for no costs, and leaves one tensor', () => {
      const reduce = classWeighted({ weights: [1, 2] });
      const source = { labels: tensor1d([0, 1], 'int32'), rows: 2 };
      expect(reduce(tensor1d([]), tensor1d([]), source).dataSync()[0]).toBe(0);
      const [costs, valid] = [tensor1d([1, 2]), tensor1d([1, 1])];
      expect(leaked(() => (reduce(costs, valid, source) ? 1 : 0))).toBe(0);
    });
  });
});

describe('classWeighted', () => {
  it('says what is wrong', () => {
    // @ts-expect-error weights are needed
    expect(() => classWeighted({})).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: class-weighted: weights must be a list of finite numbers, one a class. Give [1, 3] to count class 1 three times. [ERR_OPTION]]`,
    );
    expect(() => classWeighted({ weights: [1, Number.NaN] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: class-weighted: weights must be a list of finite numbers, one a class, but got [1, NaN]. Give [1, 3] to count class 1 three times. [ERR_OPTION]]`,
    );
    expect(() => classWeighted({ weights: [] })).toThrow('weights must be a list of finite numbers, one a class');
    const reduce = classWeighted({ weights: [1, 2] });
    const [costs, valid] = [tensor1d([1, 2, 3]), tensor1d([1, 1, 1])];
    const labels = tensor1d([0, 1], 'int32');
    expect(() => reduce(costs, valid)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: class-weighted: the loss must say whose its costs are, in the third argument of reduce. Use meanOfValid or another reducer that does not ask, or pass { labels, rows } where you wrote the loss. [ERR_OPTION]]`,
    );
    expect(() => reduce(costs, valid, { labels, rows: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: class-weighted: the loss must say whose its costs are, in the third argument of reduce, but got '3 costs for 2 rows'. Use meanOfValid or another reducer that does not ask, or pass { labels, rows } where you wrote the loss. [ERR_OPTION]]`,
    );
    expect(() =>
      reduce(costs, valid, { labels, rows: 2, anchors: Int32Array.of(0) }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: class-weighted: the loss must say whose its costs are, in the third argument of reduce, but got '3 costs for 1'. Use meanOfValid or another reducer that does not ask, or pass { labels, rows } where you wrote the loss. [ERR_OPTION]]`,
    );
    const many = multiLabel(tensor2d([[1], [1], [1]]));
    expect(() => reduce(costs, valid, { labels: many, rows: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: class-weighted: labels must be class ids, but got 'multi-label'. Use a loss over pairs for other relations. [ERR_SHAPE]]`,
    );
  });
});
