import {
  grad,
  mean,
  square,
  sub,
  tensor1d,
  tensor2d,
  variable,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { expectClose, leaked, onEachBackend } from '../test/backends.ts';
import { defineViewLoss } from './define-view-loss.ts';
import { defineDistance } from './define.ts';

const first = tensor2d([
  [1, 2],
  [3, 5],
]);
const second = tensor2d([
  [1, 4],
  [0, 5],
]);

onEachBackend(() => {
  describe('defineViewLoss', () => {
    const apart = defineViewLoss('apart', { power: 2 }, (a, b) => mean(square(sub(a, b))) as Scalar);

    it('computes the formula and can be differentiated', () => {
      // (0 + 4 + 9 + 0) / 4, and its slope (a − b) / 2.
      expect(apart(first, second).dataSync()[0]).toBeCloseTo(13 / 4, 5);
      expectClose(grad((x) => apart(x as Tensor2D, second))(first).dataSync(), [0, -1, 1.5, 0]);
    });

    it('leaves one tensor, whatever the formula makes', () => {
      expect(leaked(() => (apart(first, second) ? 1 : 0))).toBe(0);
    });

    it('carries name and options, and no part it lacks', () => {
      expect([apart.name, apart.options, apart.takesTargets]).toEqual(['apart', { power: 2 }, false]);
      expect(Object.keys(apart)).toEqual(['options', 'takesTargets']);
    });

    it('carries distance, variables, state and dispose where it has them', () => {
      const parts = {
        distance: defineDistance('d', (a) => a),
        variables: [variable(tensor1d([1]))],
        state: [variable(tensor1d([2]), false)],
        dispose: vi.fn<() => void>(),
      };
      const loss = defineViewLoss('with-parts', {}, (a) => mean(a) as Scalar, parts);
      for (const [part, value] of Object.entries(parts)) expect(loss[part as keyof typeof parts]).toBe(value);
      loss.dispose!();
      expect(parts.dispose).toHaveBeenCalledOnce();
    });

    it('hands targets to the formula', () => {
      const off = defineViewLoss('off', {}, (a, b, t) => mean(sub(sub(a, t.second), sub(b, t.first))) as Scalar, {
        takesTargets: true,
      });
      // (11 − 11) / 4 for the targets, (11 − 10) / 4 for the views.
      expect(off(first, second, { first, second: first }).dataSync()[0]).toBeCloseTo(1 / 4, 5);
    });

    it('refuses views and targets that do not fit, before the formula runs', () => {
      const formula = vi.fn<() => Scalar>();
      const alone = defineViewLoss('unit', {}, formula);
      const aimed = defineViewLoss('unit', {}, formula, { takesTargets: true });
      const row = tensor2d([[1, 2]]);
      expect(() => alone(tensor1d([1]) as unknown as Tensor2D, second)).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: the first view must have shape [n, d], at least one row of at least one number, but got [1]. Pass one embedding a row. [ERR_SHAPE]]`,
      );
      expect(() => alone(first, tensor2d([[1], [2]]))).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: the second view must have shape [n, 2], at least one row of at least one number, but got [2, 1]. Pass one embedding a row. [ERR_SHAPE]]`,
      );
      expect(() => alone(first, row)).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: the second view must have 2 rows, as many as the first view, but got 1. Pass views of the same items, in the same order. [ERR_SHAPE]]`,
      );
      expect(() => alone(first, tensor2d([1, 2, 3, 4], [2, 2], 'int32'))).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: the second view must be float32, but got 'int32'. Convert with cast('float32'). [ERR_DTYPE]]`,
      );
      expect(() => alone(first, second, { first, second })).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: the two views are compared with each other, not with targets. Leave the third argument out. [ERR_OPTION]]`,
      );
      expect(() => aimed(first, second)).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: targets must be given, one a view. Pass { first, second } as the third argument. [ERR_OPTION]]`,
      );
      expect(() => aimed(first, second, { first, second: row })).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: the target of the second view must have 2 rows, as many as the first view, but got 1. Pass views of the same items, in the same order. [ERR_SHAPE]]`,
      );
      expect(() => aimed(first, second, { first: row, second })).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: the target of the first view must have 2 rows, as many as the first view, but got 1. Pass views of the same items, in the same order. [ERR_SHAPE]]`,
      );
      expect(formula).not.toHaveBeenCalled();
    });
  });
});
