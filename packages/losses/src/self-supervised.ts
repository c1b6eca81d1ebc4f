import { defineViewLoss, type Loss, type ViewLoss } from '@simile/core';
import { checkNames, checkOneOf } from '@simile/core/errors';
import { concat, range, type Tensor2D } from '@simile/core/ops';
import { checkLoss, joinedParts } from './joined-parts.ts';

const id = 'self-supervised';

/** Options of {@link selfSupervised}. */
export interface SelfSupervisedOptions {
  /** The loss to be given labels: any that takes class ids. */
  loss: Loss;
  /**
   * True puts both views into one batch, where two rows belong together when they are views of an item. False compares the rows of the
   * first with those of the second only. Default true.
   */
  symmetric?: boolean;
}

/**
 * Any loss over labels as a loss over two views: the item that a row is a view of is its label.
 *
 * $$ L = \ell\bigl((1, \dots, n, 1, \dots, n),\; [X; X']\bigr) $$
 *
 * | tensor        | shape    | dtype   | unit                                |
 * | ------------- | -------- | ------- | ----------------------------------- |
 * | first, second | `[n, d]` | float32 | that of `loss`                      |
 * | result        | `[]`     | float32 | that of `loss`                      |
 *
 * Around `multipleNegativesRanking` it is `ntXent` with `temperature` 1 / `scale`. Cost: that of `loss` on 2n rows, or n against n.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` for targets, and what
 *   `loss` throws.
 * @see Musgrave, Belongie & Lim, “PyTorch Metric Learning”, 2020: https://arxiv.org/abs/2008.09164
 * @example
 * const loss = selfSupervised({ loss: contrastive({ power: 1, negativeMargin: 0 }) });
 * loss(tensor2d([[0], [5]]), tensor2d([[2], [5]])); // two items, their views 2 and 0 apart: 1
 */
export function selfSupervised(options: SelfSupervisedOptions): ViewLoss {
  const { loss, symmetric = true } = options;
  checkNames(id, options, ['loss', 'symmetric']);
  checkLoss(id, 'loss', loss, 'multiSimilarity()');
  checkOneOf(id, { symmetric }, [true, false]);

  return defineViewLoss(
    id,
    { loss: loss.name, symmetric },
    (first, second) => {
      const items = range(0, first.shape[0], 1, 'int32');
      if (!symmetric) return loss(items, first, { labels: items, embeddings: second });
      return loss(concat([items, items]), concat([first, second]) as Tensor2D);
    },
    joinedParts([loss]),
  );
}
