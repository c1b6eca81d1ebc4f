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
import { checkFinite, checkNames } from '@simile/core/errors';
import { add, mul, relu, sub, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { euclidean } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'generalized-lifted-structure';

/** Options of {@link generalizedLiftedStructure}. */
export interface GeneralizedLiftedStructureOptions {
  /** Gap wanted between the soft maximum of positives and the soft minimum of negatives, in the unit of `distance`. Default 1. */
  margin?: number;
  /** All-pairs distance, smaller is closer. Default `euclidean()`, which the paper has. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the anchors to one number. Default `meanOfValid`: the mean over anchors with both kinds of pair. */
  reduce?: Reducer;
}

/**
 * Generalized lifted structure loss: all positives of an anchor against all its negatives.
 *
 * $$ \ell_i = \max\bigl(0, \log \textstyle\sum_{p \in P_i} e^{d_{ip}} + \log \sum_{n \in N_i} e^{m - d_{in}}\bigr) $$
 *
 * An anchor without a positive or without a negative takes no part.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any                                           |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`; 0 or more                 |
 *
 * Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Hermans, Beyer & Leibe, “In Defense of the Triplet Loss for Person Re-Identification”, 2017:
 *   https://arxiv.org/abs/1703.07737
 * @example
 * const loss = generalizedLiftedStructure();
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [1], [1.5]])); // (1 + 1 − 1.5 + 1 + 1 − 0.5) / 2 = 1
 */
export function generalizedLiftedStructure(options: GeneralizedLiftedStructureOptions = {}): Loss {
  const { margin = 1, distance = euclidean(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['margin', 'distance', 'miner', 'reduce']);
  checkFinite(id, { margin });

  return defineLoss(
    id,
    { margin, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const far = maskedLogSumExp(d, positive); // [n]
      const near = maskedLogSumExp(sub(margin, d) as Tensor2D, negative); // [n]
      return reduce(relu(add(far, near)) as Tensor1D, mul(rowHasAny(positive), rowHasAny(negative)), {
        labels,
        rows: d.shape[0],
      });
    },
    { distance },
  );
}
