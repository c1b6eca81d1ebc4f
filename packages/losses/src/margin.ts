import {
  defineLoss,
  meanOfPositive,
  pairMasks,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Reference,
  type Relation,
  type Triplets,
} from '@simile/core';
import { checkFinite, checkNames, checkNotNegative, checkOneOf, SimileError } from '@simile/core/errors';
import {
  add,
  concat,
  max,
  mul,
  relu,
  reshape,
  scalar,
  sub,
  tidy,
  variable,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Variable,
} from '@simile/core/ops';
import { euclidean } from '@simile/distances';
import { givenTriplets } from './choose-triplets.ts';
import { mined } from './mined.ts';

const id = 'margin';

/** Options of {@link margin}. */
export interface MarginOptions {
  /** How far positives should be within the boundary and negatives beyond it, in the unit of `distance`; 0 or more. Default 0.2. */
  margin?: number;
  /** Boundary between positives and negatives, in the unit of `distance`; where it is learned, at the start. Default 1.2. */
  beta?: number;
  /** Train the boundary: the loss then has it in `variables`. Default false. */
  learnBeta?: boolean;
  /** Price of the boundary, `nu · beta` on top of the loss, where it is learned; 0 or more. Default 0. */
  nu?: number;
  /** All-pairs distance, smaller is closer. Default `euclidean()`, which the paper has, of rows of length 1. */
  distance?: Distance;
  /** Pairs to look at, or triplets, whose two pairs count as often as they come. Default all pairs. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the pairs to one number. Default `meanOfPositive`: the mean over those that cost something. */
  reduce?: Reducer;
}

/**
 * Margin loss: positives nearer than a boundary, negatives farther, each by a margin; the boundary may be learned.
 *
 * $$ \ell_{ij} = \max\bigl(0, m + y_{ij}(d_{ij} - \beta)\bigr), \quad y_{ij} = 1 \text{ for a positive pair}, -1 \text{ for a negative} $$
 *
 * A batch without a pair costs 0.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; the default `beta` is for rows of length 1|
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`; 0 or more                 |
 *
 * The paper draws negatives by distance, which is a miner's work. Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_STATE` once its boundary
 *   is freed.
 * @see Wu, Manmatha, Smola & Krähenbühl, “Sampling Matters in Deep Embedding Learning”, ICCV 2017:
 *   https://arxiv.org/abs/1706.07567
 * @example
 * const loss = margin({ margin: 0.5, beta: 2 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [2], [3]])); // positives at 2 cost 0.5, the negatives at 1 cost 1.5: (0.5 + 1.5) / 2 = 1
 */
export function margin(options: MarginOptions = {}): Loss {
  const { margin: gap = 0.2, beta: start = 1.2, learnBeta = false, nu = 0 } = options;
  const { distance = euclidean(), miner, reduce = meanOfPositive } = options;
  checkNames(id, options, ['margin', 'beta', 'learnBeta', 'nu', 'distance', 'miner', 'reduce']);
  checkNotNegative(id, { margin: gap, nu });
  checkFinite(id, { beta: start });
  checkOneOf(id, { learnBeta }, [true, false]);
  const learned = learnBeta ? tidy(() => variable(scalar(start), true)) : undefined;
  const beta = learned ?? start;

  return defineLoss(
    id,
    { margin: gap, beta: start, learnBeta, nu, distance: distance.name },
    (labels, embeddings, reference) => {
      checkHeld(learned);
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative, counted } = pairsOf(d, labels, reference, miner);
      const pull = relu(add(sub(positive, beta), gap)) as Tensor1D;
      const push = relu(add(sub(beta, negative), gap)) as Tensor1D;
      const cost = reduce(concat([pull, push]), counted);
      return learned ? add(cost, mul(mul(learned, nu), max(counted))) : cost;
    },
    learned
      ? {
          distance,
          variables: [learned],
          dispose: () => {
            if (!learned.isDisposed) learned.dispose();
          },
        }
      : { distance },
  );
}

/** Distances of positive and of negative pairs, and which of them count, in that order. */
function pairsOf(
  d: Tensor2D,
  labels: Relation,
  reference: Reference | undefined,
  miner: Miner<Pairs | Triplets> | undefined,
): { positive: Tensor1D; negative: Tensor1D; counted: Tensor1D } {
  const kept = miner && mined(id, miner, d, labels, reference?.labels);
  if (kept?.kind === 'triplets') {
    const { positive, negative, valid } = givenTriplets(d, kept, undefined);
    return { positive: flat(positive), negative: flat(negative), counted: concat([flat(valid), flat(valid)]) };
  }
  const masks = kept ?? pairMasks(labels, d.shape[0], reference && { labels: reference.labels, rows: d.shape[1] });
  return { positive: flat(d), negative: flat(d), counted: concat([flat(masks.positive), flat(masks.negative)]) };
}

function flat(x: Tensor): Tensor1D {
  return reshape(x, [-1]) as Tensor1D;
}

function checkHeld(beta: Variable | undefined): void {
  if (!beta?.isDisposed) return;
  throw new SimileError({
    where: id,
    rule: 'the loss must still have its boundary',
    remedy: 'It was disposed of: make a new one.',
    code: 'ERR_STATE',
  });
}
