import {
  defineLoss,
  logOnePlusSumExp,
  meanOfValid,
  pairMasks,
  rowHasAny,
  withoutGradient,
  type Distance,
  type Loss,
  type Miner,
  type PairMasks,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkFinite, checkNames, checkNotNegative, checkPositive } from '@simile/core/errors';
import {
  add,
  cast,
  div,
  greater,
  less,
  max,
  maximum,
  min,
  mul,
  stack,
  sub,
  unstack,
  where,
  type Tensor2D,
} from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { minedMasks } from './mined.ts';

const id = 'multi-similarity';

/** Options of {@link multiSimilarity}. */
export interface MultiSimilarityOptions {
  /** Weight of the hardest positive against the others, per unit of similarity; above 0. Default 2. */
  alpha?: number;
  /** Weight of the hardest negative against the others, per unit of similarity; above 0. Default 40. */
  beta?: number;
  /** How far a pair may be from informative and still be kept, in the unit of `distance`; 0 or more. Default 0.1. */
  epsilon?: number;
  /** Similarity that positives should exceed and negatives stay below. Default 0.5. */
  lambda?: number;
  /** Similarity of rows at distance 0: similarity is `center − distance`. Default 1, which is right for `cosine`. */
  center?: number;
  /** All-pairs distance, smaller is closer. Default `cosine()`. */
  distance?: Distance;
  /** Pairs to look at in place of the paper's mining; `epsilon` then has no part. Default none. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the anchors to one number. Default `meanOfValid`: the mean over anchors that kept a pair. */
  reduce?: Reducer;
}

/**
 * Multi-similarity loss: the informative pairs of each anchor, each weighted by how hard it is among the others.
 *
 * $$ \ell_i = \tfrac1\alpha \log\bigl(1 + \textstyle\sum_{p \in P_i} e^{-\alpha (s_{ip} - \lambda)}\bigr)
 *    + \tfrac1\beta \log\bigl(1 + \textstyle\sum_{n \in N_i} e^{\beta (s_{in} - \lambda)}\bigr), \quad s = \text{center} - d $$
 *
 * `P` keeps the positives that are less similar than the anchor's most similar negative + ε, `N` the negatives that are more
 * similar than its least similar positive − ε. An anchor that keeps none, or lacks a positive or a negative, takes no part.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`; 0 or more                 |
 *
 * The mean is over the anchors that take part. TensorFlow Similarity and the authors' code divide by all anchors: for their
 * number pass `reduce: meanOfAll`. Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Wang, Han, Huang, Dong & Scott, “Multi-Similarity Loss with General Pair Weighting”, CVPR 2019, eqs. 11, 12 and 15:
 *   https://arxiv.org/abs/1904.06627
 * @example
 * const loss = multiSimilarity();
 * loss(tensor1d([0, 0, 1]), tensor2d([[1, 0], [0, 1], [1, 0]])); // log(1 + e) / 2 + 1 / 4 ≈ 0.9066
 */
export function multiSimilarity(options: MultiSimilarityOptions = {}): Loss {
  const { alpha = 2, beta = 40, epsilon = 0.1, lambda = 0.5, center = 1 } = options;
  const { distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['alpha', 'beta', 'epsilon', 'lambda', 'center', 'distance', 'miner', 'reduce']);
  checkPositive(id, { alpha, beta });
  checkNotNegative(id, { epsilon });
  checkFinite(id, { lambda, center });
  const made = { alpha, beta, epsilon, lambda, center, distance: distance.name };

  return defineLoss(
    id,
    made,
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = miner
        ? minedMasks(id, miner, d, labels, reference?.labels)
        : informativePairs(
            d,
            pairMasks(labels, d.shape[0], reference && { labels: reference.labels, rows: d.shape[1] }),
            epsilon,
          );
      const shortfall = add(d, lambda - center); // [n, m], λ − s
      const pull = div(logOnePlusSumExp(mul(shortfall, alpha) as Tensor2D, positive), alpha); // [n]
      const push = div(logOnePlusSumExp(mul(shortfall, -beta) as Tensor2D, negative), beta); // [n]
      return reduce(add(pull, push), maximum(rowHasAny(positive), rowHasAny(negative)), { labels, rows: d.shape[0] });
    },
    { distance },
  );
}

/** The largest float32: farther than any distance. */
const FAR = 3.4028234663852886e38;

/** Eqs. 11 and 12: positives farther than the nearest negative − ε, negatives nearer than the farthest positive + ε. */
function informativePairs(d: Tensor2D, { positive, negative }: PairMasks, epsilon: number): PairMasks {
  const kept = withoutGradient(d, (values) => {
    const nearest = min(where(cast(negative, 'bool'), values, FAR), 1, true); // [n, 1]
    const farthest = max(where(cast(positive, 'bool'), values, -FAR), 1, true); // [n, 1]
    return stack([
      mul(positive, greater(values, sub(nearest, epsilon))),
      mul(negative, less(values, add(farthest, epsilon))),
    ]);
  });
  const [keptPositive, keptNegative] = unstack(kept) as [Tensor2D, Tensor2D];
  return { positive: keptPositive, negative: keptNegative };
}
