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
import { checkFinite, checkNames, checkOneOf } from '@simile/core/errors';
import { add, div, relu, reshape, square, sub, type Scalar, type Tensor, type Tensor1D } from '@simile/core/ops';
import { euclidean } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'contrastive';

/** Options of {@link contrastive}. */
export interface ContrastiveOptions {
  /** Distance up to which a positive pair costs nothing, in the unit of `distance`. Default 0, the paper's. */
  positiveMargin?: number;
  /** Distance from which a negative pair costs nothing, in the unit of `distance`. Default 1. */
  negativeMargin?: number;
  /** 2 for half the square of what is too far or too near, which the paper has; 1 for the plain excess. Default 2. */
  power?: 1 | 2;
  /** All-pairs distance, smaller is closer. Default `euclidean()`, which the paper has. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the pairs of one kind to one number. Default `meanOfValid`; `sumOfValid` is the paper's. */
  reduce?: Reducer;
}

/**
 * Contrastive loss: positives are drawn together, negatives pushed apart up to a margin.
 *
 * $$ L = \operatorname{mean}_{(i,j) \in P} \tfrac12 \max(0, d_{ij} - m_p)^2 + \operatorname{mean}_{(i,j) \in N} \tfrac12 \max(0, m_n - d_{ij})^2 $$
 *
 * Each kind of pair is reduced on its own, so that many negatives do not drown few positives; a kind without pairs costs 0.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; normalise rows if the margins assume it  |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`, to `power`; 0 or more     |
 *
 * Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Hadsell, Chopra & LeCun, “Dimensionality Reduction by Learning an Invariant Mapping”, CVPR 2006
 * @example
 * const loss = contrastive({ negativeMargin: 4 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [2], [3]])); // 2² / 2 + (1² / 2 + 3² / 2) / 2 = 4.5
 */
export function contrastive(options: ContrastiveOptions = {}): Loss {
  const { positiveMargin = 0, negativeMargin = 1, power = 2 } = options;
  const { distance = euclidean(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['positiveMargin', 'negativeMargin', 'power', 'distance', 'miner', 'reduce']);
  checkFinite(id, { positiveMargin, negativeMargin });
  checkOneOf(id, { power }, [1, 2]);

  return defineLoss(
    id,
    { positiveMargin, negativeMargin, power, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const reduced = (excess: Tensor, pairs: Tensor): Scalar => {
        const costs = power === 2 ? div(square(relu(excess)), 2) : relu(excess);
        return reduce(reshape(costs, [-1]) as Tensor1D, reshape(pairs, [-1]) as Tensor1D, { labels, rows: d.shape[0] });
      };
      return add(reduced(sub(d, positiveMargin), positive), reduced(sub(negativeMargin, d), negative));
    },
    { distance },
  );
}
