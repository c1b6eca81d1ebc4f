import { grad, tensor1d, type Tensor1D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectClose, leaked, onEachBackend } from '../test/backends.ts';
import { perAnchor } from './per-anchor.ts';
import { meanOfAll, sumOfValid } from './reduce.ts';

onEachBackend(() => {
  describe('perAnchor', () => {
    const labels = (): Tensor1D => tensor1d([0, 1, 2], 'int32');

    it('takes the mean of each anchor, then of those that took part', () => {
      const source = { labels: labels(), rows: 3 };
      const valid = tensor1d([1, 1, 0, 1, 0, 0]);
      // Anchors: (2 + 6)/2 = 4; 5; none.
      const f = (costs: Tensor1D) => perAnchor()(costs, valid, source);
      expect(f(tensor1d([2, 6, 9, 5, 7, 8])).dataSync()[0]).toBeCloseTo(4.5, 6);
      const slopes = grad((x) => f(x as Tensor1D))(tensor1d([2, 6, 9, 5, 7, 8])).dataSync();
      expectClose(slopes, [0.25, 0.25, 0, 0.5, 0, 0]);
    });

    it('goes by a list of anchors, and reduces as told', () => {
      const source = { labels: labels(), rows: 3, anchors: Int32Array.of(2, 0, 2, 2) };
      const [costs, valid] = [tensor1d([3, 8, 4, 5]), tensor1d([1, 1, 1, 1])];
      expect(perAnchor(meanOfAll)(costs, valid, source).dataSync()[0]).toBeCloseTo((8 + 0 + 4) / 3, 6);
      expect(perAnchor(sumOfValid)(costs, valid, source).dataSync()[0]).toBeCloseTo(12, 6);
    });

    it('takes a single cost', () => {
      expect(perAnchor()(tensor1d([3]), tensor1d([1]), { labels: tensor1d([0]), rows: 1 }).dataSync()[0]).toBe(3);
    });

    it('is 0 where nothing took part, and leaves one tensor', () => {
      const source = { labels: labels(), rows: 3 };
      expect(perAnchor()(tensor1d([]), tensor1d([]), source).dataSync()[0]).toBe(0);
      const [costs, valid] = [tensor1d([1, 2, 3]), tensor1d([0, 0, 0])];
      expect(perAnchor()(costs, valid, source).dataSync()[0]).toBe(0);
      expect(leaked(() => (perAnchor()(costs, valid, source) ? 1 : 0))).toBe(0);
    });
  });
});

describe('perAnchor', () => {
  it('asks the loss whose its costs are', () => {
    expect(() => perAnchor()(tensor1d([1]), tensor1d([1]))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: per-anchor: the loss must say whose its costs are, in the third argument of reduce. Use meanOfValid or another reducer that does not ask, or pass { labels, rows } where you wrote the loss. [ERR_OPTION]]`,
    );
  });
});
