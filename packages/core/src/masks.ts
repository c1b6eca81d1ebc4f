import type { MultiLabel, Predicate, Relation } from './contract.ts';
import { SimileError } from './errors.ts';
import {
  cast,
  equal,
  eye,
  expandDims,
  greater,
  logicalAnd,
  logicalNot,
  matMul,
  mul,
  reshape,
  sub,
  tensor2d,
  tidy,
  transpose,
  type Tensor,
  type Tensor2D,
} from './ops.ts';
import { checkRelation } from './relation.ts';

/** Masks `[n, m]`, float32, 0 or 1. A pair is in one of them or in none. */
export interface PairMasks {
  readonly positive: Tensor2D;
  readonly negative: Tensor2D;
}

/**
 * Which pairs are positive and which negative, between the rows of a batch or, with `reference`, from the batch to it.
 * Within a batch, a row is no pair of its own: the diagonal is in neither mask.
 *
 * @param rows Rows of the embeddings, which the labels must match.
 * @throws `ERR_SHAPE` when labels and rows disagree.
 */
export function pairMasks(
  labels: Relation,
  rows: number,
  reference?: { readonly labels: Relation; readonly rows: number },
): PairMasks {
  const where = 'labels';
  checkRelation(where, labels, rows);
  if (reference) checkRelation(`${where} of the reference`, reference.labels, reference.rows);
  return tidy(() => {
    const width = reference ? reference.rows : rows;
    const masks = relate(labels, reference ? reference.labels : labels, [rows, width]);
    if (reference) return { ...masks };
    const others = sub(1, eye(rows)) as Tensor2D;
    const positive: Tensor2D = mul(masks.positive, others);
    const negative: Tensor2D = mul(masks.negative, others);
    return { positive, negative };
  });
}

function relate(labels: Relation, others: Relation, [rows, width]: [number, number]): PairMasks {
  if (!('kind' in labels) && !('kind' in others)) {
    const same = equal(column(labels), transpose(column(others)));
    return { positive: asMask(same), negative: asMask(logicalNot(same)) };
  }
  if ('kind' in labels && 'kind' in others && labels.kind === others.kind) {
    if (labels.kind === 'multi-label') {
      const shared = matMul(
        cast(labels.matrix, 'float32'),
        cast((others as MultiLabel).matrix, 'float32'),
        false,
        true,
      );
      const same = greater(shared, 0);
      return { positive: asMask(same), negative: asMask(logicalNot(same)) };
    }
    if (labels.kind === 'pair-matrix') {
      checkWidth(labels.matrix, rows, width);
      const matrix = cast(labels.matrix, 'float32') as Tensor2D;
      return { positive: asMask(equal(matrix, 1)), negative: asMask(equal(matrix, 0)) };
    }
    return predicateMasks(labels, others as Predicate);
  }
  throw new SimileError({
    where: 'labels',
    rule: 'labels of the batch and of the reference must be of the same kind',
    got: [kindOf(labels), kindOf(others)],
    remedy: 'Give both as class ids, or both in the same wrapper.',
    code: 'ERR_SHAPE',
  });
}

function predicateMasks(a: Predicate, b: Predicate): PairMasks {
  const positive = new Float32Array(a.values.length * b.values.length);
  const negative = new Float32Array(positive.length);
  for (let i = 0, at = 0; i < a.values.length; i++) {
    for (let j = 0; j < b.values.length; j++, at++) {
      const same = a.same(a.values[i], b.values[j]);
      if (same === true) positive[at] = 1;
      else if (same === false) negative[at] = 1;
    }
  }
  const shape: [number, number] = [a.values.length, b.values.length];
  return { positive: tensor2d(positive, shape), negative: tensor2d(negative, shape) };
}

function checkWidth(matrix: Tensor2D, rows: number, width: number): void {
  if (matrix.shape[1] === width) return;
  throw new SimileError({
    where: 'labels',
    rule: `a pair matrix must have shape [${rows}, ${width}]`,
    got: matrix.shape,
    remedy: 'Give one row and one column an embedding.',
    code: 'ERR_SHAPE',
  });
}

function asMask(pairs: Tensor): Tensor2D {
  return cast(pairs, 'float32') as Tensor2D;
}

function column(labels: Tensor): Tensor2D {
  // In its own dtype: as float32, int32 ids above 2²⁴ would fall together.
  return reshape(labels, [-1, 1]) as Tensor2D;
}

function kindOf(labels: Relation): string {
  return 'kind' in labels ? labels.kind : 'class ids';
}

/** Valid triplets of the masks as 0/1, float32 `[n, m, m]`: anchor a, positive p, negative k. O(n·m²) memory. */
export function tripletMask({ positive, negative }: PairMasks): Tensor {
  return tidy(() =>
    cast(logicalAnd(cast(expandDims(positive, 2), 'bool'), cast(expandDims(negative, 1), 'bool')), 'float32'),
  );
}
