import { defineLoss, type Loss, type Regularizer } from '@simile/core';
import { checkNames, checkNotNegative, checkOneOf, SimileError } from '@simile/core/errors';
import { add, mul, type Scalar, type Tensor, type Tensor2D } from '@simile/core/ops';

const id = 'regularized';

/** Options of {@link regularized}. */
export interface RegularizedOptions {
  /** The loss to add to. */
  loss: Loss;
  /** What rows are priced by: `lp()`, `zeroMean()`, `centerInvariant()`, `regularFace()`, `sparseCenters(…)` or your own. */
  regularizer: Regularizer;
  /** What the price is multiplied by; finite, 0 or more. Default 1. */
  weight?: number;
  /** Whose rows: the embeddings of the batch, or the weights that the loss owns. Default `embeddings`. */
  of?: 'embeddings' | 'weights';
}

/**
 * A loss with a price on its embeddings, or on its weights, added. Wrap once more for a second price.
 *
 * $$ L' = L + w R(x) $$
 *
 * | tensor     | shape    | dtype   | unit                                   |
 * | ---------- | -------- | ------- | -------------------------------------- |
 * | labels     |          |         | those of the loss                      |
 * | embeddings | `[n, d]` | float32 | those of the loss                      |
 * | reference  | `[m, d]` | float32 | that of the loss; it is not priced     |
 * | result     | `[]`     | float32 | that of the loss                       |
 *
 * Distance, variables and `dispose` are those of the loss. Where it owns several matrices, each is priced. Cost: that of both.
 *
 * @throws `ERR_OPTION` for an option out of its range, and for `weights` of a loss that owns none; the result throws what both throw.
 * @see Musgrave, Belongie & Lim, “PyTorch Metric Learning”, 2020, for the composition: https://arxiv.org/abs/2008.09164
 * @example
 * const loss = regularized({ loss: contrastive({ power: 1 }), regularizer: lp(), weight: 0.5 });
 * loss(tensor1d([0, 0]), tensor2d([[3, 4], [3, 4]])); // equal rows, of length 5: 0 + 0.5 · 5 = 2.5
 */
export function regularized(options: RegularizedOptions): Loss {
  const { loss, regularizer, weight = 1, of = 'embeddings' } = options;
  checkNames(id, options, ['loss', 'regularizer', 'weight', 'of']);
  checkFunctions(loss, regularizer);
  checkNotNegative(id, { weight });
  checkOneOf(id, { of }, ['embeddings', 'weights']);
  const matrices = (loss.variables ?? []).filter(({ rank }) => rank === 2);
  if (of === 'weights' && matrices.length === 0) throw optionError('the loss must own weights to price', loss.name);

  return defineLoss(
    id,
    { loss: loss.name, regularizer: regularizer.name, weight, of },
    (labels, embeddings, reference) => {
      const value = loss(labels, embeddings, reference);
      const priced: Tensor[] = of === 'embeddings' ? [embeddings] : matrices;
      return priced.reduce<Scalar>((total, rows) => add(total, mul(regularizer(rows as Tensor2D), weight)), value);
    },
    {
      ...(loss.distance && { distance: loss.distance }),
      ...(loss.variables && { variables: loss.variables }),
      ...(loss.state && { state: loss.state }),
      ...(loss.prepare && { prepare: loss.prepare }),
      ...(loss.slower && { slower: loss.slower }),
      ...(loss.dispose && { dispose: loss.dispose }),
    },
  );
}

function checkFunctions(loss: unknown, regularizer: unknown): void {
  if (typeof loss !== 'function') throw optionError('loss must be a loss, such as arcFace(…)', loss);
  if (typeof regularizer !== 'function')
    throw optionError('regularizer must be a regulariser, such as lp()', regularizer);
}

function optionError(rule: string, got: unknown): SimileError {
  const remedy = 'Call the factory and pass what it gives.';
  return new SimileError({ where: id, rule, got, remedy, code: 'ERR_OPTION' });
}
