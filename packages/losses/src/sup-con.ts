import {
  defineLoss,
  maskedLogSumExp,
  meanOfValid,
  rowHasAny,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkNames, checkPositive } from '@simile/core/errors';
import { div, maximum, mul, neg, sub, sum, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'sup-con';

/** Options of {@link supCon}. */
export interface SupConOptions {
  /** Distance over which a row's weight falls by e; above 0. Default 0.1. */
  temperature?: number;
  /** All-pairs distance, smaller is closer. Default `cosine()`: only differences count, so it equals the paper's dot product. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the anchors to one number. Default `meanOfValid`: the mean over anchors with a positive. */
  reduce?: Reducer;
}

/**
 * Supervised contrastive loss: each positive in turn must stand out among all the other rows.
 *
 * $$ \ell_i = -\frac1{|P_i|} \sum_{p \in P_i} \log \frac{e^{-d_{ip}/\tau}}{\sum_{j \neq i} e^{-d_{ij}/\tau}} $$
 *
 * The mean stands outside the logarithm, which the paper found better than inside. An anchor without a positive takes no part.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | nats; 0 or more                               |
 *
 * The authors' code multiplies by temperature / 0.07. Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Khosla et al., “Supervised Contrastive Learning”, NeurIPS 2020, eq. 2: https://arxiv.org/abs/2004.11362
 * @example
 * const loss = supCon({ temperature: 1 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[1, 0], [1, 0], [0, 1]])); // log(1 + e^−1) ≈ 0.3133
 */
export function supCon(options: SupConOptions = {}): Loss {
  const { temperature = 0.1, distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['temperature', 'distance', 'miner', 'reduce']);
  checkPositive(id, { temperature });

  return defineLoss(
    id,
    { temperature, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const closeness = div(neg(d), temperature) as Tensor2D; // [n, m]
      const every = maskedLogSumExp(closeness, maximum(positive, negative)); // [n]
      const share = div(positive, maximum(sum(positive, 1, true), 1)); // [n, m], 1 / |P|
      return reduce(sub(every, sum(mul(closeness, share), 1)) as Tensor1D, rowHasAny(positive), {
        labels,
        rows: d.shape[0],
      });
    },
    { distance },
  );
}
