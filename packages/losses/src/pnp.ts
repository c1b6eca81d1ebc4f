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
import { checkNames, checkOneOf, checkPositive } from '@simile/core/errors';
import {
  add,
  div,
  exp,
  expandDims,
  eye,
  log,
  maximum,
  mul,
  squeeze,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { columnComparisons } from './column-comparisons.ts';
import { keptPairs } from './kept-pairs.ts';
import { sigmoidComparison } from './sigmoid-comparison.ts';

const id = 'pnp';

/** Options of {@link pnp}. */
export interface PnpOptions {
  /**
   * What becomes of the number R of negatives before a positive: `o` R itself; `iu` (1 + R) log(1 + R), whose slope grows without
   * bound; `ib` (b R − log(1 + b R)) / b², whose slope is bounded; `ds` log(1 + R), whose slope falls; `dq` 1 − (1 + R)^−α, whose slope
   * falls faster. Default `o`.
   */
  variant?: 'o' | 'iu' | 'ib' | 'ds' | 'dq';
  /** Width of the sigmoid that stands for “is nearer”, in the unit of `distance`; above 0. Default 0.01. */
  temperature?: number;
  /** The b of variant `ib`; above 0. Default 2. */
  b?: number;
  /** The α of variant `dq`; above 0. Default 1. */
  alpha?: number;
  /** Count the query as a positive of its own, as the authors' code does. Default true; no part with a reference. */
  includeQuery?: boolean;
  /** All-pairs distance, smaller is closer. Default `cosine()`, which the paper has. */
  distance?: Distance;
  /** Pairs to rank. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the queries to one number. Default `meanOfValid`: the mean over queries that have a positive. */
  reduce?: Reducer;
}

/**
 * PNP: penalises negatives that are ranked before positives, and nothing else.
 *
 * $$ \ell_q = \frac{1}{|P|} \sum_{i \in P} f(R_i), \quad R_i = \sum_{j \in N} \frac{1}{1 + e^{(d_{qj} - d_{qi}) / \tau}} $$
 *
 * with f as `variant` says. A query without a positive takes no part.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | negatives, or a function of them; 0 or more   |
 *
 * Cost: that of `distance`, O(n·m²) time, and a few blocks of 16 MB.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Li, Min, Xie, Yu, Zhang & Zhao, “Rethinking the Optimization of Average Precision: Only Penalizing Negative Instances before
 *   Positive Ones is Enough”, AAAI 2022: https://arxiv.org/abs/2102.04640
 * @example
 * const loss = pnp({ includeQuery: false, distance: euclidean() });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [1], [-1]])); // half a negative before the positive of row 0, none of row 1: ½ / 2 = 0.25
 */
export function pnp(options: PnpOptions = {}): Loss {
  const { variant = 'o', temperature = 0.01, b = 2, alpha = 1, includeQuery = true } = options;
  const { distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['variant', 'temperature', 'b', 'alpha', 'includeQuery', 'distance', 'miner', 'reduce']);
  checkOneOf(id, { variant }, ['o', 'iu', 'ib', 'ds', 'dq']);
  checkPositive(id, { temperature, b, alpha });
  checkOneOf(id, { includeQuery }, [true, false]);

  return defineLoss(
    id,
    { variant, temperature, b, alpha, includeQuery, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const same = includeQuery && !reference ? maximum(positive, eye(d.shape[0])) : positive; // [n, m]
      const before = squeeze(
        columnComparisons(div(d, temperature), expandDims(negative, 1) as Tensor3D, sigmoidComparison),
        [1],
      ) as Tensor2D;
      const costs = mul(penalty(variant, before, { b, alpha }), same);
      return reduce(div(sum(costs, 1), maximum(sum(same, 1), 1)) as Tensor1D, rowHasAny(positive), {
        labels,
        rows: d.shape[0],
      });
    },
    { distance },
  );
}

function penalty(
  variant: NonNullable<PnpOptions['variant']>,
  before: Tensor,
  { b, alpha }: { b: number; alpha: number },
): Tensor {
  if (variant === 'o') return before;
  if (variant === 'ib') return div(sub(mul(before, b), log(add(mul(before, b), 1))), b * b);
  const rank = add(before, 1);
  if (variant === 'ds') return log(rank);
  if (variant === 'iu') return mul(rank, log(rank));
  return sub(1, exp(mul(log(rank), -alpha)));
}
