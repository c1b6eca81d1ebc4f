import {
  asColumn,
  defineLoss,
  l2Normalize,
  meanOfValid,
  rowHasAny,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkNames, checkOneOf, checkRange } from '@simile/core/errors';
import { add, exp, log, matMul, mul, reshape, softplus, sub, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';
import { logSumExpOfSums } from './log-sum-exp-of-sums.ts';

const id = 'angular';

/** Options of {@link angular}. */
export interface AngularOptions {
  /** Largest angle wanted at the negative, in radians, from 0 to 1.5. Default π/4: 45°. */
  alpha?: number;
  /** Normalise negatives like anchors and positives, on which the paper's formula rests. Default true. */
  normalizeNegatives?: boolean;
  /** Positive pairs to look at, and negatives of their anchors. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the positive pairs to one number. Default `meanOfValid`: the mean over the pairs. */
  reduce?: Reducer;
}

/**
 * Angular loss: in the triangle of anchor, positive and negative, the angle at the negative should be small, whatever the scale.
 *
 * $$ \ell_{ap} = \log\bigl(1 + \textstyle\sum_{n \in N_a} e^{f_{apn}}\bigr), \quad
 *    f_{apn} = 4 \tan^2\alpha\, (x_a + x_p) \cdot x_n - 2 (1 + \tan^2\alpha)\, x_a \cdot x_p $$
 *
 * on rows of length 1. A pair whose anchor has no negative costs 0.
 *
 * | tensor     | shape    | dtype   | unit                           |
 * | ---------- | -------- | ------- | ------------------------------ |
 * | labels     | `[n]`    | any     | class id, or any other relation|
 * | embeddings | `[n, d]` | float32 | any; rows are normalised       |
 * | reference  | `[m, d]` | float32 | any; default the batch itself  |
 * | result     | `[]`     | float32 | nats; 0 or more                |
 *
 * The paper adds it to the N-pair loss, {@link nPairs}. PyTorch Metric Learning has the angle in degrees and does not normalise
 * negatives. Cost: O(n·m·d) time and O(n·m) memory; beyond an angle of 65°, and for negatives that are not normalised, O(n·m²) time and
 * a few blocks of 16 MB.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Wang, Zhou, Wen, Liu & Lin, “Deep Metric Learning with Angular Loss”, ICCV 2017, eqs. 6 to 8: https://arxiv.org/abs/1708.01682
 * @example
 * const loss = angular();
 * loss(tensor1d([0, 0, 1]), tensor2d([[1, 0], [0, 2], [-1, 0]])); // f = 4 · (−1 + 0) − 4 · 0, of both pairs: log(1 + e^−4) ≈ 0.0181
 */
export function angular(options: AngularOptions = {}): Loss {
  const { alpha = Math.PI / 4, normalizeNegatives = true, miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['alpha', 'normalizeNegatives', 'miner', 'reduce']);
  checkRange(id, { alpha }, 0, 1.5);
  checkOneOf(id, { normalizeNegatives }, [true, false]);
  const distance = cosine();
  const tangent = Math.tan(alpha) ** 2;
  const [away, together] = [4 * tangent, 2 * (1 + tangent)];

  return defineLoss(
    id,
    { alpha, normalizeNegatives },
    (labels, embeddings, reference) => {
      const anchors = l2Normalize(embeddings); // [n, d]
      const positives = reference ? l2Normalize(reference.embeddings) : anchors; // [m, d]
      const negatives = normalizeNegatives ? positives : (reference?.embeddings ?? embeddings); // [m, d]
      const pairs = keptPairs(id, sub(1, products(anchors, positives)), labels, reference, miner);

      const ofAnchors = mul(products(anchors, negatives), away) as Tensor2D; // [n, m]
      const ofPositives = mul(products(positives, negatives), away) as Tensor2D; // [m, m]
      const bounded = normalizeNegatives && away <= BOUNDED;
      const push = (bounded ? ofUnitRows : logSumExpOf)(ofAnchors, ofPositives, pairs.negative, away); // [n, m]
      const pull = mul(products(anchors, positives), together);
      const costs = mul(softplus(sub(push, pull)), asColumn(rowHasAny(pairs.negative)));
      const source = { labels, rows: pairs.positive.shape[0] };
      return reduce(reshape(costs, [-1]) as Tensor1D, reshape(pairs.positive, [-1]) as Tensor1D, source);
    },
    { distance },
  );
}

/** Up to here e^(−4x) is a float32 with all its digits, and so is its inverse. */
const BOUNDED = 20;

function products(a: Tensor2D, b: Tensor2D): Tensor2D {
  return matMul(a, b, false, true);
}

/** The same as {@link logSumExpOf} for numbers of at most `largest`: a product of matrices, for e^(a + b) is e^a e^b. */
function ofUnitRows(a: Tensor2D, b: Tensor2D, mask: Tensor2D, largest: number): Tensor2D {
  const total = products(mul(exp(sub(a, largest)), mask) as Tensor2D, exp(sub(b, largest)));
  return add(log(add(total, sub(1, asColumn(rowHasAny(mask))))), 2 * largest);
}

/** `log Σ_k e^(a_ik + b_jk)` over the k of the mask, and far below 0 where there are none. */
function logSumExpOf(a: Tensor2D, b: Tensor2D, mask: Tensor2D): Tensor2D {
  return logSumExpOfSums(add(a, mul(sub(mask, 1), 1e30)), b);
}
