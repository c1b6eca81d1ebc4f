import {
  asColumn,
  defineLoss,
  maskedLogSumExp,
  meanOfValid,
  rowHasAny,
  withoutGradient,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkFinite, checkNames } from '@simile/core/errors';
import {
  add,
  div,
  exp,
  log,
  maximum,
  mul,
  relu,
  reshape,
  square,
  sub,
  transpose,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'lifted-structure';

/** Options of {@link liftedStructure}. */
export interface LiftedStructureOptions {
  /** Distance that negatives should keep beyond that of the positive pair, in the unit of `distance`. Default 1. */
  margin?: number;
  /** All-pairs distance, smaller is closer. Default `cosine()`. The paper has Euclidean distances. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the positive pairs to one number. Default `meanOfValid`: the mean over the pairs. */
  reduce?: Reducer;
}

/**
 * Lifted structure loss: every positive pair against all the negatives of both its rows.
 *
 * $$ \ell_{ij} = \tfrac12 \max(0, J_{ij})^2, \quad
 *    J_{ij} = d_{ij} + \log\bigl(\textstyle\sum_{k \in N_i} e^{m - d_{ik}} + \sum_{l \in N_j} e^{m - d_{jl}}\bigr) $$
 *
 * A pair whose rows have no negatives costs 0. Against a reference, the negatives of its row j are the batch's rows of other
 * classes.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`, squared; 0 or more        |
 *
 * TensorFlow Similarity takes the columns of the same row where the paper has the row of the positive, and neither hinge nor
 * square. Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Oh Song, Xiang, Jegelka & Savarese, “Deep Metric Learning via Lifted Structured Feature Embedding”, CVPR 2016, eq. 4:
 *   https://arxiv.org/abs/1511.06452
 * @example
 * const loss = liftedStructure({ distance: euclidean() });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [1], [2]])); // (1 + log(e^−1 + 1))² / 2 ≈ 0.8623
 */
export function liftedStructure(options: LiftedStructureOptions = {}): Loss {
  const { margin = 1, distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['margin', 'distance', 'miner', 'reduce']);
  checkFinite(id, { margin });

  return defineLoss(
    id,
    { margin, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const violation = sub(margin, d) as Tensor2D; // [n, m]
      const ofRows = negativesOf(violation, negative); // [n]
      const ofColumns = reference ? negativesOf(transpose(violation), transpose(negative)) : ofRows; // [m]
      const pairs = relu(add(d, logAddExp(ofRows, ofColumns))); // [n, m]
      return reduce(reshape(div(square(pairs), 2), [-1]) as Tensor1D, reshape(positive, [-1]) as Tensor1D, {
        labels,
        rows: d.shape[0],
      });
    },
    { distance },
  );
}

/** Below any violation: what stands for the logarithm of no negatives. */
const NONE = -1e30;

function negativesOf(violation: Tensor2D, negative: Tensor2D): Tensor1D {
  const some = rowHasAny(negative);
  return add(maskedLogSumExp(violation, negative), mul(sub(1, some), NONE));
}

/** `log(e^a + e^b)` of every a with every b: `[n], [m] → [n, m]`. */
function logAddExp(a: Tensor1D, b: Tensor1D): Tensor2D {
  const column = asColumn(a);
  const top = withoutGradient(column, (values) => maximum(values, b));
  return add(log(add(exp(sub(column, top)), exp(sub(b, top)))), top);
}
