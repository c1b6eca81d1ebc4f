import { grad, tensor1d, type Tensor1D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectClose, leaked, onEachBackend } from '../test/backends.ts';
import { dividedBy } from './divided-by.ts';

onEachBackend(() => {
  describe('dividedBy', () => {
    const [costs, valid] = [
      [1, 2, 3],
      [1, 0, 1],
    ];

    it.each([
      [4, 1, [0.25, 0, 0.25]],
      [0.5, 8, [2, 0, 2]],
      [0, 0, [0, 0, 0]],
    ])('divides the sum by %d', (divisor, wanted, slopes) => {
      expect(dividedBy(divisor)(tensor1d(costs), tensor1d(valid)).dataSync()[0]).toBe(wanted);
      expectClose(grad((x) => dividedBy(divisor)(x as Tensor1D, tensor1d(valid)))(tensor1d(costs)).dataSync(), slopes);
    });

    it('leaves one tensor', () => {
      const [c, v] = [tensor1d(costs), tensor1d(valid)];
      expect(leaked(() => (dividedBy(2)(c, v) ? 1 : 0))).toBe(0);
    });
  });
});

describe('dividedBy', () => {
  it('says what is wrong with its divisor', () => {
    expect(() => dividedBy(-1)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: divided-by: divisor must be a finite number, 0 or more, but got -1. Leave divisor out to use the default. [ERR_OPTION]]`,
    );
  });
});
