import { defineLoss, type Distance, type Loss, type Miner, type Pairs, type Triplets } from '@simile/core';
import { checkInteger, checkNames, checkPositive } from '@simile/core/errors';
import {
  clipByValue,
  div,
  maximum,
  mul,
  reshape,
  stack,
  sum,
  unstack,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';
import { runningSums } from './running-sums.ts';
import { triangularHistograms } from './triangular-histograms.ts';

const id = 'histogram';

/** Options of {@link histogram}. */
export interface HistogramOptions {
  /** Steps that the range of distances is divided into, 1 or more. Default 100: steps of 0.02 on cosines. */
  bins?: number;
  /** Largest distance there is, above 0; what is farther counts as that far. Default 2, that of `cosine()`. */
  range?: number;
  /** All-pairs distance, smaller is closer. Default `cosine()`, which the paper has. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
}

/**
 * Histogram loss: the chance that a negative pair, drawn at random, is more alike than a positive pair drawn at random.
 *
 * $$ L = \sum_q h^+_q \sum_{r \le q} h^-_r $$
 *
 * h⁺ and h⁻ are histograms of all positive and all negative pairs over `bins` + 1 distances in rising order, each of sum 1; a pair is
 * shared between the two that it lies between. A batch that lacks one kind of pair costs 0. There is one cost a batch, and so nothing
 * to reduce.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | none; from 0 to 1                             |
 *
 * PyTorch Metric Learning leaves out pairs that take part in no triplet. Cost: that of `distance`, O(n·m·bins) time, and a few blocks
 * of 16 MB.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Ustinova & Lempitsky, “Learning Deep Embeddings with Histogram Loss”, NIPS 2016, eqs. 1 to 5: https://arxiv.org/abs/1611.00822
 * @example
 * const loss = histogram({ bins: 2 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[1, 0], [0, 1], [-1, 0]])); // positives at 0, negatives at −1 and 0: one of two is no less alike: 0.5
 */
export function histogram(options: HistogramOptions = {}): Loss {
  const { bins = 100, range = 2, distance = cosine(), miner } = options;
  checkNames(id, options, ['bins', 'range', 'distance', 'miner']);
  checkInteger(id, { bins }, 1);
  checkPositive(id, { range });

  return defineLoss(
    id,
    { bins, range, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const places = clipByValue(mul(d, bins / range), 0, bins) as Tensor2D;
      const counts = sum(triangularHistograms(places, stack([positive, negative], 1) as Tensor3D, bins + 1), 0); // [2, bins + 1]
      const [ofPositives, ofNegatives] = unstack(counts) as [Tensor, Tensor];
      const nearer = runningSums(shareOf(ofNegatives, negative)); // of the negatives, by a positive's distance
      return sum(mul(shareOf(ofPositives, positive), nearer)) as Scalar;
    },
    { distance },
  );
}

/** Counts as shares of all pairs, `[1, bins + 1]`. */
function shareOf(counts: Tensor, pairs: Tensor2D): Tensor2D {
  return reshape(div(counts, maximum(sum(pairs), 1)), [1, -1]) as Tensor2D;
}
