import {
  asColumn,
  defineLoss,
  meanOfValid,
  pairMasks,
  rowHasAny,
  type Distance,
  type Loss,
  type Reducer,
} from '@simile/core';
import { checkNames, checkNotNegative, checkOneOf } from '@simile/core/errors';
import {
  add,
  cast,
  div,
  expandDims,
  eye,
  less,
  matMul,
  max,
  maximum,
  mul,
  range,
  relu,
  reshape,
  softplus,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';
import { squaredEuclidean } from '@simile/distances';

const id = 'centroid-triplet';

/** Options of {@link centroidTriplet}. */
export interface CentroidTripletOptions {
  /** Gap wanted between the centroid of another class and that of the own, in the unit of `distance`; 0 or more. Default 0.3. */
  margin?: number;
  /** Softplus in place of the hinge. Default false. */
  soft?: boolean;
  /** All-pairs distance, smaller is closer. Default `squaredEuclidean()`, which the paper has. */
  distance?: Distance;
  /** From the costs of the pairs of row and other class to one number. Default `meanOfValid`: the mean over the pairs. */
  reduce?: Reducer;
}

/**
 * Centroid triplet loss: a row should be nearer to the mean of its class than to the mean of any other, by a margin.
 *
 * $$ \ell_{ac} = \max(0, d(x_a, \bar x_{P_a}) - d(x_a, \bar x_c) + m) $$
 *
 * The mean of the own class leaves the row itself out; a row alone in its class takes no part.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any                                           |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`; 0 or more                 |
 *
 * Of relations other than class ids, a class is a row with its positives, and stands for those of them that come later. A pair matrix
 * does not say which rows of a reference belong together, and is refused with one. Cost: twice that of `distance`, and O(n·m).
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Wieczorek, Rychalska & Dąbrowski, “On the Unreasonable Effectiveness of Centroids in Image Retrieval”, ICONIP 2021, eq. 3:
 *   https://arxiv.org/abs/2104.13643
 * @example
 * const loss = centroidTriplet({ margin: 1 });
 * loss(tensor1d([0, 0, 1, 1]), tensor2d([[0], [2], [2], [4]])); // rows 1 and 2: 4 − 1 + 1, rows 0 and 3: 4 − 9 + 1 < 0: (4 + 4) / 4 = 2
 */
export function centroidTriplet(options: CentroidTripletOptions = {}): Loss {
  const { margin = 0.3, soft = false, distance = squaredEuclidean(), reduce = meanOfValid } = options;
  checkNames(id, options, ['margin', 'soft', 'distance', 'reduce']);
  checkNotNegative(id, { margin });
  checkOneOf(id, { soft }, [true, false]);

  return defineLoss(
    id,
    { margin, soft, distance: distance.name },
    (labels, embeddings, reference) => {
      const others = reference?.embeddings ?? embeddings; // [m, d]
      const [n, m] = [embeddings.shape[0], others.shape[0]];
      const { positive, negative } = pairMasks(labels, n, reference && { labels: reference.labels, rows: m });
      const related = reference ? pairMasks(reference.labels, m).positive : positive; // [m, m]

      const toOwn = distance(embeddings, meanOf(others, positive)); // [n, n], of which row i wants its own
      const toClasses = distance(embeddings, meanOf(others, maximum(related, eye(m)) as Tensor2D)); // [n, m]
      const own = sum(mul(toOwn, eye(n)), 1, true); // [n, 1]
      const violation = add(sub(own, toClasses), margin); // [n, m]
      const valid = mul(mul(negative, firstOfClass(related)), asColumn(rowHasAny(positive)));
      const costs = soft ? softplus(violation) : relu(violation);
      return reduce(reshape(costs, [-1]) as Tensor1D, reshape(valid, [-1]) as Tensor1D, { labels, rows: n });
    },
    { distance },
  );
}

/** Mean of the rows that each mask has, 0 of none: `[m, d], [n, m] → [n, d]`. */
function meanOf(rows: Tensor2D, mask: Tensor2D): Tensor2D {
  return div(matMul(mask, rows), maximum(sum(mask, 1, true), 1)) as Tensor2D;
}

/** 1 for each row that has no relative before it, `[1, m]`. */
function firstOfClass(related: Tensor2D): Tensor {
  const places = range(0, related.shape[0], 1, 'float32');
  const before = cast(less(expandDims(places, 0), expandDims(places, 1)), 'float32'); // [m, m], 1 where the column comes first
  return expandDims(sub(1, max(mul(related, before), 1)), 0);
}
