import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { checkRelation, classIds, multiLabel, pairMatrix, predicate } from './relation.ts';

describe('the forms of a relation', () => {
  it('carry what they were made of', () => {
    const matrix = tensor2d([[1]]);
    const same = (a: number, b: number): boolean => a === b;
    expect(multiLabel(matrix)).toEqual({ kind: 'multi-label', matrix });
    expect(pairMatrix(matrix)).toEqual({ kind: 'pair-matrix', matrix });
    expect(predicate([7], same)).toEqual({ kind: 'predicate', values: [7], same });
  });
});

describe('checkRelation', () => {
  const kinds = [multiLabel(tensor2d([[1]])), pairMatrix(tensor2d([[1]])), predicate([1], () => true)];

  it('takes labels with one row for each of the embeddings', () => {
    checkRelation('unit', tensor1d([1, 2]), 2);
    checkRelation('unit', tensor2d([[1], [2]]), 2);
    for (const relation of kinds) checkRelation('unit', relation, 1);
  });

  it('refuses class ids of another shape, one-hot labels among them', () => {
    for (const labels of [
      tensor1d([1, 2, 3]),
      tensor2d([[1, 0]]),
      tensor2d([
        [1, 0],
        [0, 1],
      ]),
    ]) {
      expect(() => checkRelation('unit', labels, 2)).toThrow(/^unit: labels must have shape \[2\]/);
    }
  });

  it('refuses the other forms by their count', () => {
    for (const relation of kinds) {
      expect(() => checkRelation('unit', relation, 2)).toThrow(`unit: a ${relation.kind} relation must have 2 rows`);
    }
  });
});

describe('classIds', () => {
  it('are a vector, from either shape', () => {
    expect(classIds('unit', tensor2d([[4], [5]], undefined, 'int32'), 2).arraySync()).toEqual([4, 5]);
    expect(classIds('unit', tensor1d([4, 5], 'int32'), 2).shape).toEqual([2]);
  });

  it('cannot come from another relation', () => {
    expect(() =>
      classIds(
        'proxy',
        predicate([1], () => true),
        1,
      ),
    ).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: proxy: labels must be class ids, but got 'predicate'. Use a loss over pairs for other relations. [ERR_SHAPE]]`,
    );
    expect(() => classIds('proxy', tensor1d([1]), 2)).toThrow(/shape \[2\]/);
  });
});
