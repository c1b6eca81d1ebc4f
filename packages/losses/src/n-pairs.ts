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
import { checkNames } from '@simile/core/errors';
import { neg } from '@simile/core/ops';
import { innerProduct } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';
import { tupletCosts } from './tuplet-costs.ts';

const id = 'n-pairs';

/** Options of {@link nPairs}. */
export interface NPairsOptions {
  /** All-pairs distance, smaller is closer. Default `innerProduct()`, which the paper has. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the positive pairs to one number. Default `meanOfValid`: the mean over the pairs. */
  reduce?: Reducer;
}

/**
 * N-pair loss: a positive against all the negatives at once.
 *
 * $$ \ell_{ip} = \log\bigl(1 + \textstyle\sum_{n \in N_i} e^{d_{ip} - d_{in}}\bigr) $$
 *
 * With one row a class as `embeddings` and a second row of each class as `reference` it is the paper's multi-class N-pair loss;
 * within a batch it counts every positive pair. A pair whose anchor has no negative costs 0.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any                                           |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | nats; 0 or more                               |
 *
 * The paper adds a penalty on the length of the embeddings, which this loss leaves to you. Cost: O(n·m) beyond `distance`.
 *
 * @throws `ERR_OPTION` for an option that it does not have; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Sohn, “Improved Deep Metric Learning with Multi-class N-pair Loss Objective”, NIPS 2016
 * @example
 * const loss = nPairs();
 * loss(tensor1d([0, 0, 1]), tensor2d([[1, 0], [1, 0], [0, 1]])); // log(1 + e^−1) ≈ 0.3133
 */
export function nPairs(options: NPairsOptions = {}): Loss {
  const { distance = innerProduct(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['distance', 'miner', 'reduce']);

  return defineLoss(
    id,
    { distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      return reduce(...tupletCosts(neg(d), keptPairs(id, d, labels, reference, miner)), { labels, rows: d.shape[0] });
    },
    { distance },
  );
}
