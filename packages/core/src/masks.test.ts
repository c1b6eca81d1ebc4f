import { add, tensor1d, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { leaked, onEachBackend } from '../test/backends.ts';
import type { Relation } from './contract.ts';
import { pairMasks, tripletMask } from './masks.ts';
import { createRandom } from './random.ts';
import { multiLabel, pairMatrix, predicate } from './relation.ts';

/** What a pair is: true, false, or undefined for neither. */
type Same = (i: number, j: number) => boolean | undefined;

/** Both masks by two plain loops. */
function loops(n: number, m: number, same: Same): { positive: number[]; negative: number[] } {
  const positive: number[] = [];
  const negative: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      positive.push(same(i, j) === true ? 1 : 0);
      negative.push(same(i, j) === false ? 1 : 0);
    }
  }
  return { positive, negative };
}

const notSelf =
  (same: Same): Same =>
  (i, j) =>
    i === j ? undefined : same(i, j);

function read({ positive, negative }: { positive: Tensor2D; negative: Tensor2D }): object {
  expect([positive.dtype, negative.dtype]).toEqual(['float32', 'float32']);
  return { positive: [...positive.dataSync()], negative: [...negative.dataSync()] };
}

onEachBackend(() => {
  const ids = [3, 1, 3, 2, 1, 3];
  const others = [1, 9, 3, 3];

  describe('class ids', () => {
    it.each(['int32', 'float32'] as const)('pair rows of one class, never a row with itself: %s', (dtype) => {
      const expected = loops(
        6,
        6,
        notSelf((i, j) => ids[i] === ids[j]),
      );
      expect(read(pairMasks(tensor1d(ids, dtype), 6))).toEqual(expected);
      expect(read(pairMasks(tensor2d(ids, [6, 1], dtype), 6))).toEqual(expected);
    });

    it('are told apart above 2²⁴, where float32 would not', () => {
      const large = [2 ** 24, 2 ** 24 + 1, 2 ** 24];
      expect(read(pairMasks(tensor1d(large, 'int32'), 3))).toEqual(
        loops(
          3,
          3,
          notSelf((i, j) => large[i] === large[j]),
        ),
      );
    });

    it('pair with a reference in full, the diagonal included, and whatever the dtypes', () => {
      const expected = loops(6, 4, (i, j) => ids[i] === others[j]);
      for (const dtype of ['int32', 'float32'] as const) {
        const reference = { labels: tensor1d(others, dtype), rows: 4 };
        expect(read(pairMasks(tensor1d(ids, 'int32'), 6, reference))).toEqual(expected);
      }
    });

    it('of one row, and of one class, leave what there is', () => {
      expect(read(pairMasks(tensor1d([1], 'int32'), 1))).toEqual({ positive: [0], negative: [0] });
      expect(read(pairMasks(tensor1d([1, 1], 'int32'), 2))).toEqual({ positive: [0, 1, 1, 0], negative: [0, 0, 0, 0] });
    });
  });

  describe('several labels a row', () => {
    const random = createRandom(4);
    const table = (n: number): number[][] => Array.from({ length: n }, () => [0, 0, 0].map(() => random.integer(2)));
    const [a, b] = [table(7), table(5)];
    const share = (x: number[], y: number[]): boolean => x.some((value, k) => value === 1 && y[k] === 1);

    it('pair rows that share one', () => {
      const expected = loops(
        7,
        7,
        notSelf((i, j) => share(a[i]!, a[j]!)),
      );
      expect(read(pairMasks(multiLabel(tensor2d(a, undefined, 'int32')), 7))).toEqual(expected);
    });

    it('pair with a reference', () => {
      const reference = { labels: multiLabel(tensor2d(b)), rows: 5 };
      expect(read(pairMasks(multiLabel(tensor2d(a)), 7, reference))).toEqual(
        loops(7, 5, (i, j) => share(a[i]!, b[j]!)),
      );
    });
  });

  describe('a matrix of pairs', () => {
    const square = [1, 0, -1, 0, 1, 1, -1, 1, 0];
    const wide = [1, -1, 0, 0, 0, 1, -1, 1];
    const meaning = (value: number | undefined): boolean | undefined => (value === -1 ? undefined : value === 1);

    it('says what is positive, negative and neither', () => {
      const relation = pairMatrix(tensor2d(square, [3, 3], 'int32'));
      expect(read(pairMasks(relation, 3))).toEqual(
        loops(
          3,
          3,
          notSelf((i, j) => meaning(square[i * 3 + j])),
        ),
      );
    });

    it('may be wide where there is a reference', () => {
      const relation = pairMatrix(tensor2d(wide, [2, 4]));
      const reference = { labels: pairMatrix(tensor2d(wide, [4, 2])), rows: 4 };
      expect(read(pairMasks(relation, 2, reference))).toEqual(loops(2, 4, (i, j) => meaning(wide[i * 4 + j])));
    });

    it('must be as wide as there are rows', () => {
      expect(() => pairMasks(pairMatrix(tensor2d(wide, [2, 4])), 2)).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: labels: a pair matrix must have shape [2, 2], but got [2, 4]. Give one row and one column an embedding. [ERR_SHAPE]]`,
      );
    });
  });

  describe('a function of two values', () => {
    const same = (a: string, b: string): boolean | undefined => (a === '?' || b === '?' ? undefined : a[0] === b[0]);
    const values = ['ab', 'ac', '?', 'bd'];

    it('pairs as it says', () => {
      expect(read(pairMasks(predicate(values, same), 4))).toEqual(
        loops(
          4,
          4,
          notSelf((i, j) => same(values[i]!, values[j]!)),
        ),
      );
    });

    it('is asked with the batch first and the reference second', () => {
      const before = (a: number, b: number): boolean => a < b;
      const reference = { labels: predicate([2, 3], before), rows: 2 };
      expect(read(pairMasks(predicate([1, 2, 4], before), 3, reference))).toEqual(
        loops(3, 2, (i, j) => [1, 2, 4][i]! < [2, 3][j]!),
      );
    });
  });

  describe('tripletMask', () => {
    it('has each triplet whose two pairs are there', () => {
      const { positive, negative } = loops(
        6,
        6,
        notSelf((i, j) => ids[i] === ids[j]),
      );
      const expected: number[] = [];
      for (let a = 0; a < 6; a++)
        for (let p = 0; p < 6; p++)
          for (let k = 0; k < 6; k++) expected.push(positive[a * 6 + p]! * negative[a * 6 + k]!);
      const mask = tripletMask(pairMasks(tensor1d(ids, 'int32'), 6));
      expect(mask.shape).toEqual([6, 6, 6]);
      expect([...mask.dataSync()]).toEqual(expected);
    });
  });

  describe('memory', () => {
    const relations: [string, Relation][] = [
      ['class ids', tensor1d(ids, 'int32')],
      ['several labels', multiLabel(tensor2d(ids, [6, 1]))],
      [
        'a matrix',
        pairMatrix(
          tensor2d(
            Array.from({ length: 36 }, () => 1),
            [6, 6],
          ),
        ),
      ],
      ['a predicate', predicate(ids, (a, b) => a === b)],
    ];
    it.each(relations)('%s leave the two masks and nothing else', (_, relation) => {
      expect(leaked(() => Object.keys(pairMasks(relation, 6)).length)).toBe(0);
      expect(leaked(() => Object.keys(pairMasks(relation, 6, { labels: relation, rows: 6 })).length)).toBe(0);
    });

    it('triplets leave one mask', () => {
      const masks = pairMasks(tensor1d(ids, 'int32'), 6);
      expect(leaked(() => (tripletMask(masks) ? 1 : 0))).toBe(0);
    });
  });

  it('masks are whole numbers that can be added', () => {
    const { positive, negative } = pairMasks(tensor1d([1, 2], 'int32'), 2);
    expect([...add<Tensor>(positive, negative).dataSync()]).toEqual([0, 1, 1, 0]);
  });

  describe('labels that do not fit', () => {
    it('are refused by shape', () => {
      expect(() => pairMasks(tensor1d([1, 2, 3], 'int32'), 2)).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: labels: labels must have shape [2], one class id per row of embeddings, but got [3]. For one-hot labels pass argMax(labels, 1); for several labels a row wrap them in multiLabel(…). [ERR_SHAPE]]`,
      );
    });

    it('are refused by count, each in its own words', () => {
      expect(() => pairMasks(multiLabel(tensor2d([[1]])), 2)).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: labels: a multi-label relation must have 2 rows, one a row of embeddings, but got 1. Pass labels and embeddings of the same batch. [ERR_SHAPE]]`,
      );
      expect(() =>
        pairMasks(tensor1d([1]), 1, { labels: tensor1d([1, 2]), rows: 3 }),
      ).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: labels of the reference: labels must have shape [3], one class id per row of embeddings, but got [2]. For one-hot labels pass argMax(labels, 1); for several labels a row wrap them in multiLabel(…). [ERR_SHAPE]]`,
      );
    });

    it('are refused when batch and reference differ in kind', () => {
      const reference = { labels: multiLabel(tensor2d([[1]])), rows: 1 };
      expect(() => pairMasks(tensor1d([1]), 1, reference)).toThrowErrorMatchingInlineSnapshot(
        `[SimileError: labels: labels of the batch and of the reference must be of the same kind, but got ['class ids', 'multi-label']. Give both as class ids, or both in the same wrapper. [ERR_SHAPE]]`,
      );
      expect(() => pairMasks(reference.labels, 1, { labels: predicate([1], () => true), rows: 1 })).toThrow(
        /same kind/,
      );
    });
  });
});
