import {
  defineLoss,
  meanOfValid,
  pairMasks,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkNames, checkNotNegative, checkOneOf } from '@simile/core/errors';
import { add, relu, reshape, sigmoid, softplus, step, sub, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { reducedOverAllTriplets } from './all-triplets.ts';
import { chooseTriplets, givenTriplets, type NegativeStrategy, type PositiveStrategy } from './choose-triplets.ts';
import type { Comparison } from './column-comparisons.ts';
import { mined } from './mined.ts';

const id = 'triplet-margin';

/** Options of {@link tripletMargin}. */
export interface TripletMarginOptions {
  /** Gap wanted between negative and positive, in the unit of `distance`; 0 or more. Default 0.1, with `soft` 0. */
  margin?: number;
  /** Softplus in place of the hinge, so that triplets already satisfied keep a small gradient. Default false. */
  soft?: boolean;
  /** Positives of an anchor: the farthest (`hard`), the nearest (`easy`) or each in turn (`all`). Default `hard`. */
  positives?: PositiveStrategy;
  /**
   * Negatives of an anchor: the nearest (`hard`), the farthest (`easy`), each in turn (`all`), or `semi-hard`: the nearest
   * that is farther than the anchor's farthest positive (with positives `all`, than the positive of the triplet), and where
   * none is, the farthest. Default `semi-hard`.
   */
  negatives?: NegativeStrategy;
  /** Take the negative's distance to the positive where that is smaller than its distance to the anchor. Default false. */
  swap?: boolean;
  /** All-pairs distance, smaller is closer. Default `cosine()`, whose range does not hang on the scale of the embeddings. */
  distance?: Distance;
  /** Pairs to choose among, or the very triplets, in which case `positives` and `negatives` have no part. Default none. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the triplets to one number. Default `meanOfValid`: the mean over the triplets that exist. */
  reduce?: Reducer;
}

/**
 * Triplet margin loss: a positive should be nearer to its anchor than a negative, by a margin.
 *
 * $$ \ell_{apn} = \max(0, d_{ap} - d_{an} + m), \quad \text{soft: } \log(1 + e^{d_{ap} - d_{an} + m}) $$
 *
 * Which triplets of an anchor count is said by `positives` and `negatives`. An anchor without a positive or without a negative
 * has none and is left out of the mean; a batch without any costs 0.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`; 0 or more                 |
 *
 * FaceNet's margin of 0.2 on squared Euclidean distances of unit rows is the default 0.1 on cosine distances. For the number
 * of TensorFlow Similarity's `TripletLoss()` take `soft: true`; `reduce: meanOfAll` divides by all anchors.
 *
 * Cost: that of `distance`, and O(n·m) time and memory for one positive and one negative an anchor. Where `all` meets `all` or
 * `semi-hard`, O(n·m²) time and a few blocks of 16 MB; of all triplets, a reducer that is not of `@simile/core` gets a list of n·m² costs.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Schroff, Kalenichenko & Philbin, “FaceNet”, CVPR 2015, eqs. 1 to 4: https://arxiv.org/abs/1503.03832; soft margin and
 *   batch-hard: Hermans, Beyer & Leibe, 2017, eq. 5: https://arxiv.org/abs/1703.07737; swap: Balntas, Riba, Ponsa &
 *   Mikolajczyk, “Learning local feature descriptors with triplets and shallow convolutional neural networks”, BMVC 2016
 * @example
 * const loss = tripletMargin({ margin: 1, negatives: 'hard', distance: euclidean() });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0, 0], [3, 4], [0, 3]])); // (3 + 6 − √10) / 2 ≈ 2.9189
 */
export function tripletMargin(options: TripletMarginOptions = {}): Loss {
  const { soft = false, margin = soft ? 0 : 0.1, positives = 'hard', negatives = 'semi-hard', swap = false } = options;
  const { distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['margin', 'soft', 'positives', 'negatives', 'swap', 'distance', 'miner', 'reduce']);
  checkNotNegative(id, { margin });
  checkOneOf(id, { positives }, ['hard', 'easy', 'all']);
  checkOneOf(id, { negatives }, ['semi-hard', 'hard', 'easy', 'all']);
  checkOneOf(id, { soft, swap }, [true, false]);
  const made = { margin, soft, positives, negatives, swap, distance: distance.name };
  const cost: Comparison = {
    value: (difference) => (soft ? softplus : relu)(add(difference, margin)),
    slope: ({ difference }) => (soft ? sigmoid : step)(add(difference(), margin)),
  };

  return defineLoss(
    id,
    made,
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const within = (): Tensor2D => (reference ? distance(reference.embeddings) : d); // [m, m]
      const others = reference && { labels: reference.labels, rows: d.shape[1] };
      const kept = miner && mined(id, miner, d, labels, reference?.labels);
      const pairs = kept?.kind === 'triplets' ? undefined : (kept ?? pairMasks(labels, d.shape[0], others));
      if (pairs && positives === 'all' && negatives === 'all') {
        const reduced = reducedOverAllTriplets(reduce, d, pairs, { within: swap ? within() : undefined, cost });
        if (reduced) return reduced;
      }
      const triplets = pairs
        ? chooseTriplets(d, pairs, { positives, negatives, within: swap ? within() : undefined })
        : givenTriplets(d, kept as Triplets, swap ? within() : undefined);
      const costs = cost.value(sub(triplets.positive, triplets.negative)); // [n, P, N] or [t]
      const source = { labels, rows: d.shape[0], ...(triplets.anchors && { anchors: triplets.anchors }) };
      return reduce(reshape(costs, [-1]) as Tensor1D, reshape(triplets.valid, [-1]) as Tensor1D, source);
    },
    { distance },
  );
}
