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
  eye,
  maximum,
  mul,
  stack,
  sub,
  sum,
  unstack,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { columnComparisons } from './column-comparisons.ts';
import { keptPairs } from './kept-pairs.ts';
import { sigmoidComparison } from './sigmoid-comparison.ts';

const id = 'smooth-ap';

/** Options of {@link smoothAp}. */
export interface SmoothApOptions {
  /** Width of the sigmoid that stands for “is nearer”, in the unit of `distance`; above 0. Default 0.01. */
  temperature?: number;
  /** Count the query as a positive of its own, the first of all, as the authors' code does. Default true; no part with a reference. */
  includeQuery?: boolean;
  /** All-pairs distance, smaller is closer. Default `cosine()`, which the paper has. */
  distance?: Distance;
  /** Pairs to rank. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the queries to one number. Default `meanOfValid`: the mean over queries that have a positive. */
  reduce?: Reducer;
}

/**
 * Smooth-AP: one minus the average precision of each row as a query against the others, with ranks made smooth.
 *
 * $$ \ell_q = 1 - \frac{1}{|P|} \sum_{i \in P} \frac{1 + \sum_{j \in P} \sigma_{ij}}{1 + \sum_{j \in P \cup N} \sigma_{ij}}, \quad
 *    \sigma_{ij} = \frac{1}{1 + e^{(d_{qj} - d_{qi}) / \tau}} $$
 *
 * where j ≠ i: σ says how surely j is nearer to the query than i. A query without a positive takes no part.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | none; from 0 to 1                             |
 *
 * PyTorch Metric Learning has this value only for as many classes as rows a class, in order. Cost: that of `distance`, O(n·m²) time,
 * and a few blocks of 16 MB.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Brown, Xie, Kalogeiton & Zisserman, “Smooth-AP: Smoothing the Path Towards Large-Scale Image Retrieval”, ECCV 2020, eq. 6:
 *   https://arxiv.org/abs/2007.12163
 * @example
 * const loss = smoothAp({ includeQuery: false, distance: euclidean() });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [1], [-1]])); // ranks 1½ (a tie) and 1: (1/3 + 0) / 2 ≈ 0.1667
 */
export function smoothAp(options: SmoothApOptions = {}): Loss {
  const { temperature = 0.01, includeQuery = true, distance = cosine(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['temperature', 'includeQuery', 'distance', 'miner', 'reduce']);
  checkPositive(id, { temperature });
  checkOneOf(id, { includeQuery }, [true, false]);

  return defineLoss(
    id,
    { temperature, includeQuery, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const same = (includeQuery && !reference ? maximum(positive, eye(d.shape[0])) : positive) as Tensor2D; // [n, m]
      const every = add(same, negative) as Tensor2D;
      const sums = columnComparisons(div(d, temperature), stack([same, every], 1) as Tensor3D, sigmoidComparison); // [n, 2, m]
      const [ofSame, ofEvery] = unstack(sums, 1) as [Tensor2D, Tensor2D];
      // A row against itself gave ½, which is no comparison.
      const rank = (sums: Tensor2D, mask: Tensor2D): Tensor2D => sub(add(sums, 1), mul(mask, 0.5));
      const precision = mul(div(rank(ofSame, same), rank(ofEvery, every)), same);
      const average = div(sum(precision, 1), maximum(sum(same, 1), 1)); // [n]
      return reduce(sub(1, average) as Tensor1D, rowHasAny(positive), { labels, rows: d.shape[0] });
    },
    { distance },
  );
}
