import { multiLabel, pairMatrix, predicate, type Relation } from '@simile/core';
import { createRandom } from '@simile/core/random';
import { tensor1d, tensor2d, type Tensor } from '@simile/core/ops';
import type { TestBatch } from './batches.ts';

/** Answers for row `i` and column `j`: a positive pair, a negative pair, or neither. */
export type Same = (i: number, j: number) => boolean | undefined;

/** Forms in which labels may come. */
export type RelationKind = 'class-ids' | 'column' | 'float-ids' | 'multi-label' | 'pair-matrix' | 'predicate';

/** All of them. */
export const relationKinds: readonly RelationKind[] = [
  'class-ids',
  'column',
  'float-ids',
  'multi-label',
  'pair-matrix',
  'predicate',
];

/** Labels of a batch in one form, with what an oracle needs to know of them; `tensors` are to be disposed. */
export interface TestRelation {
  readonly labels: Relation;
  readonly others: Relation | undefined;
  readonly same: Same;
  readonly tensors: readonly Tensor[];
}

/** `Same` of class ids; within a batch a row is no pair of its own. */
export function sameClass({ labels, reference }: TestBatch): Same {
  const columns = reference ? reference.labels : labels;
  return (i, j) => (!reference && i === j ? undefined : labels[i] === columns[j]);
}

/** A relation over the rows of a batch: its class ids where the form has them, else one made up from a seed. */
export function relationOf(batch: TestBatch, kind: RelationKind): TestRelation {
  const n = batch.rows.length;
  const m = batch.reference?.rows.length;
  const random = createRandom(77);
  const within = (same: Same): Same => (m === undefined ? (i, j) => (i === j ? undefined : same(i, j)) : same);
  const relation = (labels: Relation, others: Relation | undefined, same: Same): TestRelation => ({
    labels,
    others,
    same,
    tensors: [labels, others].flatMap((part) =>
      part === undefined ? [] : !('kind' in part) ? [part] : part.kind === 'predicate' ? [] : [part.matrix],
    ),
  });

  if (kind === 'multi-label') {
    const draw = (rows: number): number[][] =>
      Array.from({ length: rows }, () => Array.from({ length: 4 }, () => (random.uniform() < 0.35 ? 1 : 0)));
    const a = draw(n);
    const b = m === undefined ? a : draw(m);
    const others = m === undefined ? undefined : multiLabel(tensor2d(b, [m, 4]));
    return relation(
      multiLabel(tensor2d(a, [n, 4])),
      others,
      within((i, j) => a[i]!.some((x, k) => x === 1 && b[j]![k] === 1)),
    );
  }
  if (kind === 'pair-matrix') {
    const width = m ?? n;
    const matrix = Array.from({ length: n }, () => Array.from({ length: width }, () => random.integer(3) - 1));
    const turned = Array.from({ length: width }, (_, j) => matrix.map((row) => row[j]!));
    const others = m === undefined ? undefined : pairMatrix(tensor2d(turned, [m, n]));
    const same: Same = (i, j) => (matrix[i]![j] === -1 ? undefined : matrix[i]![j] === 1);
    return relation(pairMatrix(tensor2d(matrix, [n, width])), others, within(same));
  }
  if (kind === 'predicate') {
    const draw = (rows: number): number[] => Array.from({ length: rows }, () => random.uniform(0, 4));
    const near = (a: number, b: number): boolean | undefined =>
      Math.abs(a - b) < 1 ? true : Math.abs(a - b) > 1.5 ? false : undefined;
    const a = draw(n);
    const b = m === undefined ? a : draw(m);
    const others = m === undefined ? undefined : predicate(b, near);
    return relation(
      predicate(a, near),
      others,
      within((i, j) => near(a[i]!, b[j]!)),
    );
  }
  const ids = (labels: readonly number[]): Tensor =>
    kind === 'column'
      ? tensor2d([...labels], [labels.length, 1], 'int32')
      : tensor1d([...labels], kind === 'float-ids' ? 'float32' : 'int32');
  return relation(ids(batch.labels), batch.reference && ids(batch.reference.labels), sameClass(batch));
}
