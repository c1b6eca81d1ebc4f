import { expect, it } from 'vitest';
import { confusionMatrix } from './confusion-matrix.ts';

it('counts each class, and the queries not recognised in the last column', () => {
  const { classes, counts } = confusionMatrix(['b', 'a', 'a', 'b', 'a'], ['b', 'a', null, 'c', 'b']);
  expect(classes).toEqual(['a', 'b', 'c']);
  expect(counts).toEqual([
    [1, 1, 0, 1],
    [0, 1, 1, 0],
    [0, 0, 0, 0],
  ]);
});

it('sorts numbers as numbers and takes classes in the order given', () => {
  expect(confusionMatrix([10, 9], [9, 9]).classes).toEqual([9, 10]);
  const mixed = confusionMatrix<number | string>(['x', 2], [2, 'x']);
  expect(mixed.classes).toEqual([2, 'x']);
  expect(confusionMatrix([1, 0], [0, null], [1, 0]).counts).toEqual([
    [0, 1, 0],
    [0, 0, 1],
  ]);
});

it('refuses lists that do not agree and classes it was not told of', () => {
  expect(() => confusionMatrix([1], [])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: confusion-matrix: predicted must have 1 values, one a label, but got 0. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
  );
  expect(() => confusionMatrix([1], [2], [1])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: confusion-matrix: every class must be in classes, but got 2. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
  );
});
