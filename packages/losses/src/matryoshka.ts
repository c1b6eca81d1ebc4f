import { defineLoss, type Loss } from '@simile/core';
import { checkNames, SimileError } from '@simile/core/errors';
import { add, mul, slice, type Scalar, type Tensor2D } from '@simile/core/ops';
import { checkLoss, checkWeights, joinedParts } from './joined-parts.ts';

const id = 'matryoshka';

/** Options of {@link matryoshka}. */
export interface MatryoshkaOptions {
  /**
   * The loss for each length: one for all, or a list with one a length, for losses that own weights of a width or remember rows.
   */
  loss: Loss | readonly Loss[];
  /** Lengths of the prefixes: different whole numbers above 0, such as `[16, 32, 64]`; the largest is usually the width. */
  dimensions: readonly number[];
  /** Weight of each length, 0 or more. Default 1, the paper's. */
  weights?: readonly number[];
}

/**
 * Matryoshka representations: the first few numbers of an embedding are to be a good embedding by themselves.
 *
 * $$ L = \sum_{m} w_m\, L\bigl(x_{1 \dots m}\bigr) $$
 *
 * Afterwards an index can be built of prefixes, at a fraction of the size. A loss on `cosine` normalises each prefix anew; for another
 * distance, normalise them yourself where the embeddings were.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | what `loss` takes                             |
 * | embeddings | `[n, d]` | float32 | that of `loss`; d at least the largest length |
 * | reference  | `[m, d]` | float32 | cut alike                                     |
 * | result     | `[]`     | float32 | that of `loss`                                |
 *
 * Cost: that of `loss`, once a length.
 *
 * @throws `ERR_OPTION` for lengths, weights or losses that do not fit; the loss throws `ERR_SHAPE` for narrower embeddings, and what
 *   `loss` throws.
 * @see Kusupati et al., “Matryoshka Representation Learning”, NeurIPS 2022, eq. 1: https://arxiv.org/abs/2205.13147
 * @example
 * const loss = matryoshka({ loss: contrastive({ power: 1 }), dimensions: [1, 2] });
 * loss(tensor1d([0, 0]), tensor2d([[0, 0], [3, 4]])); // |3| + √(3² + 4²) = 8
 */
export function matryoshka(options: MatryoshkaOptions): Loss {
  const { loss, dimensions, weights = dimensions?.map(() => 1) } = options;
  checkNames(id, options, ['loss', 'dimensions', 'weights']);
  checkDimensions(dimensions);
  const losses = Array.isArray(loss) ? (loss as readonly Loss[]) : dimensions.map(() => loss as Loss);
  checkCount(losses, dimensions);
  losses.forEach((each) => checkLoss(id, 'loss', each, 'multiSimilarity()'));
  checkWeights(id, weights!, dimensions.length);

  return defineLoss(
    id,
    { loss: Array.isArray(loss) ? losses.map(({ name }) => name) : losses[0]!.name, dimensions, weights },
    (labels, embeddings, reference) => {
      checkWidth(embeddings, Math.max(...dimensions));
      const prefix = (rows: Tensor2D, m: number): Tensor2D => slice(rows, [0, 0], [rows.shape[0], m]);
      return dimensions
        .map((m, k) => {
          const cut = reference && { ...reference, embeddings: prefix(reference.embeddings, m) };
          return mul(losses[k]!(labels, prefix(embeddings, m), cut), weights![k]!);
        })
        .reduce((total, each) => add(total, each)) as Scalar;
    },
    joinedParts(Array.isArray(loss) ? losses : losses.slice(0, 1), dimensions),
  );
}

function checkDimensions(dimensions: unknown): void {
  const list = Array.isArray(dimensions) ? (dimensions as number[]) : [];
  if (list.length > 0 && list.every((m, k) => Number.isSafeInteger(m) && m > 0 && list.indexOf(m) === k)) return;
  throw new SimileError({
    where: id,
    rule: 'dimensions must be different whole numbers above 0',
    got: dimensions,
    remedy: 'Pass the lengths of the prefixes, such as [16, 32, 64].',
    code: 'ERR_OPTION',
  });
}

function checkCount(losses: readonly Loss[], dimensions: readonly number[]): void {
  if (losses.length === dimensions.length) return;
  throw new SimileError({
    where: id,
    rule: `a list of losses must have ${dimensions.length}, one a length`,
    got: losses.length,
    remedy: 'Pass one loss for all lengths, or one for each.',
    code: 'ERR_OPTION',
  });
}

function checkWidth({ shape }: Tensor2D, least: number): void {
  if (shape[1] >= least) return;
  throw new SimileError({
    where: id,
    rule: `embeddings must be at least ${least} wide, the largest of dimensions`,
    got: shape,
    remedy: 'Lower dimensions, or widen the last layer of the model.',
    code: 'ERR_SHAPE',
  });
}
