import {
  grad,
  mean,
  slice,
  square,
  sub,
  sum,
  tensor1d,
  tensor2d,
  transpose,
  variable,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { expectClose, leaked, onEachBackend } from '../test/backends.ts';
import { defineDistance, defineLoss, defineRegularizer } from './define.ts';
import { multiLabel } from './relation.ts';

const labels = tensor1d([0, 1], 'int32');
const embeddings = tensor2d([
  [1, 2],
  [3, 5],
]);

onEachBackend(() => {
  describe('defineLoss', () => {
    const energy = defineLoss('energy', { scale: 2 }, (_, rows) => mean(square(rows)) as Scalar);

    it('computes the formula and can be differentiated', () => {
      // (1 + 4 + 9 + 25) / 4, and its slope 2x / 4.
      expect(energy(labels, embeddings).dataSync()[0]).toBeCloseTo(39 / 4, 5);
      expectClose(grad((x) => energy(labels, x as Tensor2D))(embeddings).dataSync(), [0.5, 1, 1.5, 2.5]);
    });

    it('leaves one tensor, whatever the formula makes', () => {
      expect(leaked(() => (energy(labels, embeddings) ? 1 : 0))).toBe(0);
    });

    it('carries name and options, and no part it lacks', () => {
      expect(energy.name).toBe('energy');
      expect(energy.options).toEqual({ scale: 2 });
      expect(Object.keys(energy)).toEqual(['options']);
    });

    it('carries distance, variables and dispose where it has them', () => {
      const distance = defineDistance('d', (a) => a);
      const weights = variable(tensor2d([[1]]));
      const dispose = vi.fn<() => void>();
      const loss = defineLoss('with-parts', {}, (_, rows) => sum(rows) as Scalar, {
        distance,
        variables: [weights],
        dispose,
      });
      expect([loss.distance, loss.variables]).toEqual([distance, [weights]]);
      loss.dispose!();
      expect(dispose).toHaveBeenCalledOnce();
    });

    it('hands a reference to the formula', () => {
      const shift = defineLoss('shift', {}, (_, rows, reference) => sum(sub(rows, reference!.embeddings)) as Scalar);
      expect(
        shift(labels, embeddings, {
          labels,
          embeddings: tensor2d([
            [1, 1],
            [1, 1],
          ]),
        }).dataSync()[0],
      ).toBe(7);
    });

    it('refuses embeddings and labels that do not fit, before the formula runs', () => {
      const formula = vi.fn<() => Scalar>();
      const loss = defineLoss('unit', {}, formula);
      expect(() => loss(labels, tensor1d([1, 2]) as unknown as Tensor2D)).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: embeddings must have shape [n, d], at least one row of at least one number, but got [2]. Pass one embedding a row. [ERR_SHAPE]]`,
      );
      expect(() => loss(labels, tensor2d([], [0, 2]))).toThrow(/embeddings must have shape \[n, d\]/);
      expect(() => loss(labels, tensor2d([], [2, 0]))).toThrow(/embeddings must have shape \[n, d\]/);
      expect(() => loss(labels, tensor2d([[1], [2]], undefined, 'int32'))).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: embeddings must be float32, but got 'int32'. Convert with cast('float32'). [ERR_DTYPE]]`,
      );
      expect(() => loss(tensor1d([0], 'int32'), embeddings)).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: labels must have shape [2], one class id per row of embeddings, but got [1]. For one-hot labels pass argMax(labels, 1); for several labels a row wrap them in multiLabel(…). [ERR_SHAPE]]`,
      );
      expect(() =>
        loss(labels, embeddings, { labels, embeddings: tensor2d([[1], [2]]) }),
      ).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: unit: embeddings of the reference must have shape [n, 2], at least one row of at least one number, but got [2, 1]. Pass one embedding a row. [ERR_SHAPE]]`,
      );
      expect(() => loss(labels, embeddings, { labels: multiLabel(tensor2d([[1]])), embeddings })).toThrow(
        /must have 2 rows/,
      );
      expect(formula).not.toHaveBeenCalled();
    });
  });

  describe('defineDistance', () => {
    /** Not symmetric, so that a swapped pair shows. */
    const first = defineDistance(
      'first-column',
      (a, b) => {
        const [left, right] = [slice(a, [0, 0], [-1, 1]), slice(b, [0, 0], [-1, 1])];
        return sub(left, transpose(right)) as Tensor2D;
      },
      'manhattan',
    );

    it('compares every row of a with every row of b, and a with itself without b', () => {
      expect(
        first(
          embeddings,
          tensor2d([
            [7, 0],
            [8, 0],
            [9, 0],
          ]),
        ).arraySync(),
      ).toEqual([
        [-6, -7, -8],
        [-4, -5, -6],
      ]);
      expect(first(embeddings).arraySync()).toEqual([
        [0, -2],
        [2, 0],
      ]);
    });

    it('leaves one tensor', () => {
      expect(leaked(() => (first(embeddings) ? 1 : 0))).toBe(0);
    });

    it('carries name and metric; the metric is the name when none is given', () => {
      expect([first.name, first.metric]).toEqual(['first-column', 'manhattan']);
      expect(defineDistance('cosine', (a) => a).metric).toBe('cosine');
    });

    it('refuses rows that do not fit', () => {
      expect(() => first(embeddings, tensor2d([[1]]))).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: first-column: b must have shape [n, 2], at least one row of at least one number, but got [1, 1]. Pass one embedding a row. [ERR_SHAPE]]`,
      );
      expect(() => first(tensor2d([], [0, 2]))).toThrow(/a must have shape/);
      expect(() => first(tensor2d([[1]], undefined, 'int32'))).toThrow(/a must be float32/);
    });
  });
});

onEachBackend(() => {
  describe('defineRegularizer', () => {
    it('checks rows, carries its name and leaves one tensor', () => {
      const first = defineRegularizer('first', (rows) => sum(slice(rows, [0, 0], [-1, 1])) as Scalar);
      expect(first.name).toBe('first');
      const rows = tensor2d([
        [1, 2],
        [3, 4],
      ]);
      expect(first(rows).dataSync()[0]).toBe(4);
      expect(leaked(() => (first(rows) ? 1 : 0))).toBe(0);
      expect(() => first(tensor2d([], [0, 2]))).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: first: rows must have shape [n, d], at least one row of at least one number, but got [0, 2]. Pass one embedding a row. [ERR_SHAPE]]`,
      );
      expect(() => first(tensor2d([[1]], undefined, 'int32'))).toThrow(/rows must be float32/);
    });
  });
});
