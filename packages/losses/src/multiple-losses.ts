import { defineLoss, type Loss } from '@simile/core';
import { checkNames, SimileError } from '@simile/core/errors';
import { add, mul, type Scalar } from '@simile/core/ops';
import { checkLoss, checkWeights, joinedParts } from './joined-parts.ts';

const id = 'multiple-losses';

/** Options of {@link multipleLosses}. */
export interface MultipleLossesOptions {
  /** One loss or more. Each has its own distance, miner and reducer. */
  losses: readonly Loss[];
  /** Weight of each, 0 or more. Default 1. */
  weights?: readonly number[];
}

/**
 * Weighted sum of several losses over the same batch.
 *
 * $$ L = \sum_k w_k L_k $$
 *
 * | tensor     | shape    | dtype   | unit                                           |
 * | ---------- | -------- | ------- | ---------------------------------------------- |
 * | labels     | `[n]`    | any     | what every one of them takes                   |
 * | embeddings | `[n, d]` | float32 | any                                            |
 * | reference  | `[m, d]` | float32 | passed to each; some losses take none          |
 * | result     | `[]`     | float32 | that of the losses                             |
 *
 * `variables` are those of all, `distance` that of the first which has one, and `dispose` frees all. Cost: the sum of theirs.
 *
 * @throws `ERR_OPTION` for no loss, or weights that do not fit; the loss throws what its parts throw.
 * @example
 * const loss = multipleLosses({ losses: [contrastive({ power: 1 }), contrastive({ power: 2 })], weights: [1, 3] });
 * loss(tensor1d([0, 0]), tensor2d([[0], [2]])); // 1 · 2 + 3 · 2² / 2 = 8
 */
export function multipleLosses(options: MultipleLossesOptions): Loss {
  const { losses, weights = losses?.map(() => 1) } = options;
  checkNames(id, options, ['losses', 'weights']);
  checkSome(losses);
  losses.forEach((loss, k) => checkLoss(id, `losses[${k}]`, loss, 'multiSimilarity()'));
  checkWeights(id, weights!, losses.length);

  return defineLoss(
    id,
    { losses: losses.map(({ name }) => name), weights },
    (labels, embeddings, reference) =>
      losses
        .map((loss, k) => mul(loss(labels, embeddings, reference), weights![k]!))
        .reduce((total, each) => add(total, each)) as Scalar,
    joinedParts(losses),
  );
}

function checkSome(losses: unknown): void {
  if (Array.isArray(losses) && losses.length > 0) return;
  throw new SimileError({
    where: id,
    rule: 'losses must be a list of one loss or more',
    got: losses,
    remedy: 'Pass losses: [multiSimilarity(), …].',
    code: 'ERR_OPTION',
  });
}
