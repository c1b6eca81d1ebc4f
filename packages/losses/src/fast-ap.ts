import {
  defineLoss,
  meanOfValid,
  rowHasAny,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkInteger, checkNames, checkPositive } from '@simile/core/errors';
import {
  add,
  clipByValue,
  div,
  maximum,
  mul,
  stack,
  sub,
  sum,
  unstack,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';
import { runningSums } from './running-sums.ts';
import { triangularHistograms } from './triangular-histograms.ts';

const id = 'fast-ap';

/** Options of {@link fastAp}. */
export interface FastApOptions {
  /** Steps that the range of distances is divided into, 1 or more. Default 10. */
  bins?: number;
  /** Largest distance there is, above 0; what is farther counts as that far. Default 2, that of `cosine()`. */
  range?: number;
  /** All-pairs distance, smaller is closer. Default `cosine()`: half the squared distance of unit rows, which the paper has. */
  distance?: Distance;
  /** Pairs to rank. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the queries to one number. Default `meanOfValid`: the mean over queries that have a positive. */
  reduce?: Reducer;
}

/**
 * FastAP: one minus the average precision of each row as a query, from histograms of its distances.
 *
 * $$ \ell_q = 1 - \frac{1}{|P|} \sum_j \frac{h^+_j H^+_j}{H_j} $$
 *
 * h⁺ counts positives at each of `bins` + 1 distances from 0 to `range`, a pair shared between the two it lies between; H⁺ counts
 * those up to there, H positives and negatives up to there. A query without a positive takes no part.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | none; from 0 to 1                             |
 *
 * Cost: that of `distance`, O(n·m·bins) time, and a few blocks of 16 MB.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Cakir, He, Xia, Kulis & Sclaroff, “Deep Metric Learning to Rank”, CVPR 2019
 * @example
 * const loss = fastAp({ bins: 2, range: 2, distance: euclidean() });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [1], [-1]])); // precision ½ of row 0, whose two others are at 1; 1 of row 1: ½ / 2 = 0.25
 */
export function fastAp(options: FastApOptions = {}): Loss {
  const { bins = 10, range = 2, distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['bins', 'range', 'distance', 'miner', 'reduce']);
  checkInteger(id, { bins }, 1);
  checkPositive(id, { range });

  return defineLoss(
    id,
    { bins, range, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const weights = stack([positive, add(positive, negative)], 1) as Tensor3D; // [n, 2, m]
      const places = clipByValue(mul(d, bins / range), 0, bins) as Tensor2D;
      const [ofPositives, ofAll] = unstack(triangularHistograms(places, weights, bins + 1), 1) as [Tensor2D, Tensor2D];
      const precision = div(runningSums(ofPositives), maximum(runningSums(ofAll), LEAST)); // [n, bins + 1]
      const average = div(sum(mul(ofPositives, precision), 1), maximum(sum(positive, 1), 1)); // [n]
      return reduce(sub(1, average) as Tensor1D, rowHasAny(positive), { labels, rows: d.shape[0] });
    },
    { distance },
  );
}

/** Less than any count that matters; its square is still a number. */
const LEAST = 1e-12;
