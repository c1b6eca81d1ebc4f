import { defineLoss, type Loss, type ViewLoss } from '@simile/core';
import { checkNames, SimileError } from '@simile/core/errors';
import { slice, type Tensor2D, type Variable } from '@simile/core/ops';
import { checkLoss } from './joined-parts.ts';

const id = 'two-views';

/** Options of {@link twoViews}. */
export interface TwoViewsOptions {
  /** The loss over two views. */
  loss: ViewLoss;
  /**
   * What stands between the embeddings and the loss and is left out when the model is used: a projection head, as in SimCLR, or for a
   * loss that takes targets the predictor, whose inputs are then the targets, as in SimSiam. `[n, d] → [n, d′]`. Default nothing.
   */
  head?: (embeddings: Tensor2D) => Tensor2D;
  /** Weights of `head`, which `fit` trains as well. Default none. */
  headVariables?: readonly Variable[];
}

/**
 * A loss over two views as a loss over a batch that holds both, one after the other: what `twoViewSampler` yields and `fit` trains on.
 *
 * $$ L = \ell\bigl(h(X_{1 \dots n}),\; h(X_{n+1 \dots 2n})\bigr) $$
 *
 * Row i of the first half and row i of the second are views of an item, whatever the labels say; h is `head`, where there is one.
 *
 * | tensor     | shape     | dtype   | unit                                     |
 * | ---------- | --------- | ------- | ---------------------------------------- |
 * | labels     | `[2n]`    | any     | not looked at                            |
 * | embeddings | `[2n, d]` | float32 | that of `loss`, or what `head` takes     |
 * | result     | `[]`      | float32 | that of `loss`                           |
 *
 * `variables` are those of the loss and of the head; `dispose` frees what the loss owns, not the head. Targets of a second network (BYOL, DINO)
 * cannot be had from embeddings: call those losses in a loop of your own, with `moveTowards`. Cost: that of `loss` and `head`.
 *
 * @throws `ERR_OPTION` for a loss that takes targets without a head; the loss throws `ERR_SHAPE` for an odd number of rows,
 *   `ERR_OPTION` for a reference, and what `loss` throws.
 * @example
 * const loss = twoViews({ loss: ntXent({ temperature: 1 }) });
 * const items = tensor1d([0, 1, 0, 1], 'int32');
 * loss(items, tensor2d([[1, 0], [0, 1], [2, 0], [0, 2]])); // log(1 + 2 / e) ≈ 0.5514
 */
export function twoViews(options: TwoViewsOptions): Loss {
  const { loss, head, headVariables = [] } = options;
  checkNames(id, options, ['loss', 'head', 'headVariables']);
  checkLoss(id, 'loss', loss, 'ntXent()');
  checkHead(loss, head);
  const variables = [...(loss.variables ?? []), ...headVariables];

  return defineLoss(
    id,
    { loss: loss.name },
    (_, embeddings, reference) => {
      checkCall(embeddings, reference);
      const [rows, width] = embeddings.shape;
      const half = (begin: number): Tensor2D => slice(embeddings, [begin, 0], [rows / 2, width]);
      const [first, second] = [half(0), half(rows / 2)]; // [n, d]
      if (!head) return loss(first, second);
      return loss(head(first), head(second), loss.takesTargets ? { first, second } : undefined);
    },
    {
      ...(loss.distance && { distance: loss.distance }),
      ...(variables.length > 0 && { variables }),
      ...(loss.state && { state: loss.state }),
      dispose: () => loss.dispose?.(),
    },
  );
}

function checkHead(loss: ViewLoss, head: unknown): void {
  if (typeof head === 'function' || (head === undefined && !loss.takesTargets)) return;
  throw new SimileError({
    where: id,
    rule:
      head === undefined
        ? `${loss.name} takes targets, so there must be a head`
        : 'head must be a function of embeddings',
    got: head,
    remedy: 'Pass the predictor as head: (rows) => predictor.apply(rows), with its weights as headVariables.',
    code: 'ERR_OPTION',
  });
}

function checkCall({ shape }: Tensor2D, reference: unknown): void {
  if (reference) {
    throw new SimileError({
      where: id,
      rule: 'the two halves of the batch are compared with each other, not with a reference',
      remedy: 'Leave the reference out.',
      code: 'ERR_OPTION',
    });
  }
  if (shape[0] % 2 === 0) return;
  throw new SimileError({
    where: id,
    rule: 'a batch must have an even number of rows, first views and then second views',
    got: shape,
    remedy: 'Draw batches with twoViewSampler.',
    code: 'ERR_SHAPE',
  });
}
