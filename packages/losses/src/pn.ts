import {
  defineLoss,
  meanOfValid,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkNames, checkNotNegative, checkOneOf } from '@simile/core/errors';
import { cosine } from '@simile/distances';
import type { NegativeStrategy, PositiveStrategy } from './choose-triplets.ts';
import { tripletMargin } from './triplet-margin.ts';

const id = 'pn';

/** Options of {@link pn}. */
export interface PnOptions {
  /** Gap wanted between negative and positive, in the unit of `distance`; 0 or more. Default 0.1, with `soft` 0. */
  margin?: number;
  /** Softplus in place of the hinge. Default false. */
  soft?: boolean;
  /** Positives of an anchor: the farthest (`hard`), the nearest (`easy`) or each in turn (`all`). Default `hard`. */
  positives?: PositiveStrategy;
  /** Negatives of an anchor, chosen by their distance to it; see `tripletMargin`. Default `semi-hard`. */
  negatives?: NegativeStrategy;
  /** All-pairs distance, smaller is closer. Default `cosine()`. */
  distance?: Distance;
  /** Pairs to choose among, or the very triplets. Default none. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the triplets to one number. Default `meanOfValid`: the mean over the triplets that exist. */
  reduce?: Reducer;
}

/**
 * PN loss: a triplet loss whose negative should be far from the anchor and from the positive.
 *
 * $$ \ell_{apn} = \max(0, d_{ap} - \min(d_{an}, d_{pn}) + m), \quad \text{soft: } \log(1 + e^{d_{ap} - \min(d_{an}, d_{pn}) + m}) $$
 *
 * An anchor without a positive or without a negative takes no part. It is `tripletMargin({ swap: true })` by another name.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`; 0 or more                 |
 *
 * Cost: that of `tripletMargin`.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Szubert, Cole, Monaco & Drozdov, “Structure-preserving visualisation of high dimensional single-cell datasets” (ivis),
 *   Scientific Reports 9, 2019: https://doi.org/10.1038/s41598-019-45301-0
 * @example
 * const loss = pn({ margin: 1, negatives: 'hard', distance: euclidean() });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0, 0], [3, 4], [0, 3]])); // 5 − 3 + 1 for both anchors: 3
 */
export function pn(options: PnOptions = {}): Loss {
  const { soft = false, margin = soft ? 0 : 0.1, positives = 'hard', negatives = 'semi-hard' } = options;
  const { distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['margin', 'soft', 'positives', 'negatives', 'distance', 'miner', 'reduce']);
  checkNotNegative(id, { margin });
  checkOneOf(id, { positives }, ['hard', 'easy', 'all']);
  checkOneOf(id, { negatives }, ['semi-hard', 'hard', 'easy', 'all']);
  checkOneOf(id, { soft }, [true, false]);
  const made = { margin, soft, positives, negatives };
  const triplets = tripletMargin({ ...made, swap: true, distance, reduce, ...(miner && { miner }) });
  return defineLoss(id, { ...made, distance: distance.name }, triplets, { distance });
}
