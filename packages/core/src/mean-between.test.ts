import { grad, tensor1d, type Tensor1D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectClose, leaked, onEachBackend } from '../test/backends.ts';
import { meanBetween, type MeanBetweenOptions } from './mean-between.ts';

onEachBackend(() => {
  describe('meanBetween', () => {
    const costs = (): Tensor1D => tensor1d([0.5, 1, 2, 4, 3]);
    const valid = (): Tensor1D => tensor1d([1, 1, 1, 1, 0]);

    it.each([
      [{ low: 1 }, 3, [0, 0, 0.5, 0.5, 0]],
      [{ high: 4 }, 3.5 / 3, [1 / 3, 1 / 3, 1 / 3, 0, 0]],
      [{ low: 0.5, high: 4 }, 1.5, [0, 0.5, 0.5, 0, 0]],
      [{ low: 50 }, 0, [0, 0, 0, 0, 0]],
      [{}, 7.5 / 4, [0.25, 0.25, 0.25, 0.25, 0]],
    ] satisfies [MeanBetweenOptions, number, number[]][])(
      'takes the mean strictly within %o',
      (options, wanted, slopes) => {
        expect(meanBetween(options)(costs(), valid()).dataSync()[0]).toBeCloseTo(wanted, 6);
        expectClose(grad((x) => meanBetween(options)(x as Tensor1D, valid()))(costs()).dataSync(), slopes);
      },
    );

    it('takes a single cost, and one below 0', () => {
      expect(meanBetween({ low: 2 })(costs(), valid()).dataSync()[0]).toBeCloseTo(4, 6);
      expect(meanBetween({ high: 1 })(tensor1d([-3, 0.5, 7]), tensor1d([1, 1, 1])).dataSync()[0]).toBeCloseTo(-1.25, 6);
      expect(meanBetween({ low: 0 })(tensor1d([5]), tensor1d([1])).dataSync()[0]).toBe(5);
    });

    it('is 0 for no costs, and leaves one tensor', () => {
      expect(meanBetween({ low: 0 })(tensor1d([]), tensor1d([])).dataSync()[0]).toBe(0);
      const [c, v] = [costs(), valid()];
      expect(leaked(() => (meanBetween({ low: 0 })(c, v) ? 1 : 0))).toBe(0);
    });
  });
});

describe('meanBetween', () => {
  it('says what is wrong with its bounds', () => {
    expect(() => meanBetween({ low: 1, high: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: mean-between: low must be a number below high, but got [1, 1]. Leave out the bound that you do not need. [ERR_OPTION]]`,
    );
    expect(() => meanBetween({ low: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: mean-between: low must be a number below high, but got [NaN, Infinity]. Leave out the bound that you do not need. [ERR_OPTION]]`,
    );
  });
});
