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
import { checkNames, checkOneOf, checkPositive } from '@simile/core/errors';
import { add, div, mul, transpose, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';
import { tupletCosts } from './tuplet-costs.ts';

const id = 'multiple-negatives-ranking';

/** Options of {@link multipleNegativesRanking}. */
export interface MultipleNegativesRankingOptions {
  /** Scale of the similarity, the inverse of a temperature; above 0. Default 20. */
  scale?: number;
  /** Rank the anchors for each positive as well, and take the mean of both. Default false. */
  symmetric?: boolean;
  /** All-pairs distance, smaller is closer. Default `cosine()`: only differences count, so it equals cosine similarity. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the positive pairs to one number. Default `meanOfValid`: the mean over the pairs. */
  reduce?: Reducer;
}

/**
 * Multiple negatives ranking loss: each anchor should rank its positive first among the positives of the others.
 *
 * $$ \ell_i = -\log \frac{e^{-\lambda d_{ip}}}{e^{-\lambda d_{ip}} + \sum_{n \in N_i} e^{-\lambda d_{in}}} $$
 *
 * Anchors are the `embeddings`, positives the `reference`; labels say which belong together, all different where row i belongs to
 * row i. Another row of the anchor's label is no negative. A pair whose anchor has no negative costs 0. Within a batch it
 * is NT-Xent over every positive pair, with `scale` as the inverse of its temperature.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | pair id, or any other relation                |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | nats; 0 or more                               |
 *
 * TensorFlow Similarity has inner products (`distance: innerProduct()`) and adds a class of logit 0. Cost: O(n·m) beyond `distance`.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Henderson et al., “Efficient Natural Language Response Suggestion for Smart Reply”, 2017:
 *   https://arxiv.org/abs/1705.00652
 * @example
 * const loss = multipleNegativesRanking({ scale: 1 });
 * const pairs = tensor1d([0, 1]);
 * loss(pairs, tensor2d([[1, 0], [0, 1]]), { labels: pairs, embeddings: tensor2d([[1, 0], [0, 1]]) }); // log(1 + e^−1) ≈ 0.3133
 */
export function multipleNegativesRanking(options: MultipleNegativesRankingOptions = {}): Loss {
  const { scale = 20, symmetric = false, distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['scale', 'symmetric', 'distance', 'miner', 'reduce']);
  checkPositive(id, { scale });
  checkOneOf(id, { symmetric }, [true, false]);

  return defineLoss(
    id,
    { scale, symmetric, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const logits = mul(d, -scale) as Tensor2D; // [n, m]
      const forth = reduce(...tupletCosts(logits, { positive, negative }), { labels, rows: d.shape[0] });
      if (!symmetric) return forth;
      const flipped = { positive: transpose(positive) as Tensor2D, negative: transpose(negative) as Tensor2D };
      const ofColumns = { labels: reference?.labels ?? labels, rows: d.shape[1] };
      const back = reduce(...tupletCosts(transpose(logits) as Tensor2D, flipped), ofColumns);
      return div(add(forth, back), 2);
    },
    { distance },
  );
}
