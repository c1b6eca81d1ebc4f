import { defineLoss, type Loss, type TrainedNetwork, type ViewLoss } from '@simile/core';
import { checkNames, checkRange, SimileError } from '@simile/core/errors';
import { slice, type Tensor2D, type Variable } from '@simile/core/ops';
import { checkLoss } from './joined-parts.ts';
import { slowerCopy, type Momentum } from './slower-copy.ts';

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
  /**
   * Takes the targets from a slower copy of network and head in place of the batch itself, as BYOL and DINO do: after each step its weights
   * become `momentum · their own + (1 − momentum) · those in training`. A share from 0 to 1, or a function of the step. Default no copy.
   */
  momentum?: Momentum;
  /** What stands between the embeddings of the slower network and the targets: the head itself in DINO, its projector in BYOL. Default nothing. */
  targetHead?: (embeddings: Tensor2D) => Tensor2D;
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
 * `variables` are those of the loss and of the head; `dispose` frees what the loss owns, not the head. With `momentum`, `fit` runs each batch
 * through the slower network as well and gives what comes out as the reference; its weights are the loss's `state`, saved with the model.
 * Cost: that of `loss` and `head`; with `momentum`, one more forward pass and the weights twice.
 *
 * @throws `ERR_OPTION` for a loss that takes targets with neither head nor `momentum`, and for `momentum` with a loss that takes none; the
 *   loss throws `ERR_SHAPE` for an odd number of rows, `ERR_OPTION` for a reference that is not wanted or missing, and what `loss` throws.
 * @example
 * const loss = twoViews({ loss: ntXent({ temperature: 1 }) });
 * const items = tensor1d([0, 1, 0, 1], 'int32');
 * loss(items, tensor2d([[1, 0], [0, 1], [2, 0], [0, 2]])); // log(1 + 2 / e) ≈ 0.5514
 */
export function twoViews(options: TwoViewsOptions): Loss {
  const { loss, head = (rows) => rows, headVariables = [], momentum, targetHead = (rows) => rows } = options;
  checkNames(id, options, ['loss', 'head', 'headVariables', 'momentum', 'targetHead']);
  checkLoss(id, 'loss', loss, 'ntXent()');
  checkHead(loss, options);
  if (typeof momentum === 'number') checkRange(id, { momentum }, 0, 1);
  const variables = [...(loss.variables ?? []), ...headVariables];
  const copy = momentum === undefined ? undefined : slowerCopy(id, momentum, headVariables);
  const state = [...(loss.state ?? [])];

  return defineLoss(
    id,
    { loss: loss.name, ...(typeof momentum === 'number' && { momentum }) },
    (_, embeddings, reference) => {
      checkCall(embeddings, reference?.embeddings, copy !== undefined);
      const [first, second] = halves(embeddings); // [n, d]
      const [target, other] = reference ? halves(reference.embeddings) : [first, second];
      return loss(head(first), head(second), loss.takesTargets ? { first: target, second: other } : undefined);
    },
    {
      ...(loss.distance && { distance: loss.distance }),
      ...(variables.length > 0 && { variables }),
      ...((loss.state || copy) && { state }),
      ...(copy && {
        prepare: (network: TrainedNetwork) => {
          copy.prepare(network);
          state.splice(0, Infinity, ...(loss.state ?? []), ...copy.state);
        },
        slower: { embed: (compute) => copy.embed(() => targetHead(compute())), follow: () => copy.follow() },
      }),
      dispose: () => {
        copy?.dispose();
        loss.dispose?.();
      },
    },
  );
}

function halves(rows: Tensor2D): [first: Tensor2D, second: Tensor2D] {
  const [n, width] = rows.shape;
  return [slice(rows, [0, 0], [n / 2, width]), slice(rows, [n / 2, 0], [n / 2, width])];
}

function checkHead({ name, takesTargets }: ViewLoss, { head, targetHead, momentum }: TwoViewsOptions): void {
  for (const [which, given] of Object.entries({ head, targetHead }))
    if (given !== undefined && typeof given !== 'function')
      throw headError(`${which} must be a function of embeddings`, given);
  if (takesTargets && head === undefined && momentum === undefined)
    throw headError(`${name} takes targets, so there must be a head or a momentum`);
  if (takesTargets || momentum === undefined) return;
  throw new SimileError({
    where: id,
    rule: `momentum is for a loss that takes targets, which ${name} does not`,
    got: momentum,
    remedy: 'Leave momentum out.',
    code: 'ERR_OPTION',
  });
}

function headError(rule: string, got?: unknown): SimileError {
  return new SimileError({
    where: id,
    rule,
    got,
    remedy: 'Pass the predictor as head: (rows) => predictor.apply(rows), with its weights as headVariables.',
    code: 'ERR_OPTION',
  });
}

function checkCall({ shape }: Tensor2D, reference: Tensor2D | undefined, wanted: boolean): void {
  if ((reference !== undefined) !== wanted) {
    throw new SimileError({
      where: id,
      rule: wanted
        ? 'the batch is compared with what a slower network makes of it, which must be given as the reference'
        : 'the two halves of the batch are compared with each other, not with a reference',
      remedy: wanted ? 'Train with fit, which does that.' : 'Leave the reference out.',
      code: 'ERR_OPTION',
    });
  }
  if (shape[0] % 2 !== 0) {
    throw new SimileError({
      where: id,
      rule: 'a batch must have an even number of rows, first views and then second views',
      got: shape,
      remedy: 'Draw batches with twoViewSampler.',
      code: 'ERR_SHAPE',
    });
  }
}
