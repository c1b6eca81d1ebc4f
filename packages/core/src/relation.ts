import type { MultiLabel, PairMatrix, Predicate, Relation } from './contract.ts';
import { SimileError } from './errors.ts';
import { reshape, type Tensor1D, type Tensor2D } from './ops.ts';

/** Rows share a label: `matrix` is `[n, classes]` of 0 and 1. */
export function multiLabel(matrix: Tensor2D): MultiLabel {
  return { kind: 'multi-label', matrix };
}

/** Pairs as given: `matrix` is `[n, m]`, 1 positive, 0 negative, −1 neither. */
export function pairMatrix(matrix: Tensor2D): PairMatrix {
  return { kind: 'pair-matrix', matrix };
}

/** Pairs by a function of one value a row; it may answer undefined for “neither”. Called n·m times on the main thread. */
export function predicate<T>(values: readonly T[], same: (a: T, b: T) => boolean | undefined): Predicate {
  return { kind: 'predicate', values, same: same as Predicate['same'] };
}

/** Labels must be one a row. @throws `ERR_SHAPE` */
export function checkRelation(where: string, labels: Relation, rows: number): void {
  if ('kind' in labels) {
    const count = labels.kind === 'predicate' ? labels.values.length : labels.matrix.shape[0];
    if (count === rows) return;
    throw new SimileError({
      where,
      rule: `a ${labels.kind} relation must have ${rows} rows, one a row of embeddings`,
      got: count,
      remedy: 'Pass labels and embeddings of the same batch.',
      code: 'ERR_SHAPE',
    });
  }
  const [count, width = 1] = labels.shape;
  if (labels.rank >= 1 && labels.rank <= 2 && count === rows && width === 1) return;
  throw new SimileError({
    where,
    rule: `labels must have shape [${rows}], one class id per row of embeddings`,
    got: labels.shape,
    remedy: 'For one-hot labels pass argMax(labels, 1); for several labels a row wrap them in multiLabel(…).',
    code: 'ERR_SHAPE',
  });
}

/** Class ids `[n]` as int32-comparable numbers, for losses with one weight a class. @throws `ERR_SHAPE` */
export function classIds(where: string, labels: Relation, rows: number): Tensor1D {
  if ('kind' in labels) {
    throw new SimileError({
      where,
      rule: 'labels must be class ids',
      got: labels.kind,
      remedy: 'Use a loss over pairs for other relations.',
      code: 'ERR_SHAPE',
    });
  }
  checkRelation(where, labels, rows);
  return reshape(labels, [rows]) as Tensor1D;
}
