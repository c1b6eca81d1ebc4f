import { defineLoss, meanOfValid, pairMasks, tripletMask, type Distance, type Loss, type Reducer } from '@simile/core';
import { checkNames } from '@simile/core/errors';
import { expandDims, reshape, sigmoid, square, sub, type Tensor1D } from '@simile/core/ops';
import { euclidean } from '@simile/distances';

const id = 'softmax-ratio';

/** Options of {@link softmaxRatio}. */
export interface SoftmaxRatioOptions {
  /** All-pairs distance, smaller is closer. Default `euclidean()`. */
  distance?: Distance;
  /** From the costs of the triplets to one number. Default `meanOfValid`: the mean over the triplets that exist. */
  reduce?: Reducer;
}

/**
 * Of the two distances of a triplet, the share of the positive's, as a softmax: pushed to 0.
 *
 * $$ \ell_{apn} = \left( \frac{e^{d_{ap}}}{e^{d_{ap}} + e^{d_{an}}} \right)^2 = \sigma(d_{ap} - d_{an})^2 $$
 *
 * A batch without triplets costs 0.
 *
 * | tensor     | shape    | dtype   | unit                            |
 * | ---------- | -------- | ------- | ------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation |
 * | embeddings | `[n, d]` | float32 | any                             |
 * | result     | `[]`     | float32 | none; 0 to 1                    |
 *
 * Cost: O(n³) time and memory.
 *
 * @throws `ERR_OPTION` for an option that it does not have; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Hoffer & Ailon, “Deep Metric Learning Using Triplet Network”, SIMBAD 2015, section 2.1: https://arxiv.org/abs/1412.6622
 * @example
 * softmaxRatio()(tensor1d([0, 0, 1]), tensor2d([[0], [1], [3]])); // (σ(1 − 3)² + σ(1 − 2)²) / 2 = 0.0433
 */
export function softmaxRatio(options: SoftmaxRatioOptions = {}): Loss {
  const { distance = euclidean(), reduce = meanOfValid } = options;
  checkNames(id, options, ['distance', 'reduce']);
  return defineLoss(
    id,
    { distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const others = reference && { labels: reference.labels, rows: d.shape[1] };
      const triplets = tripletMask(pairMasks(labels, d.shape[0], others)); // [n, m, m]
      const shares = sigmoid(sub(expandDims(d, 2), expandDims(d, 1))); // [n, m, m]
      return reduce(reshape(square(shares), [-1]) as Tensor1D, reshape(triplets, [-1]) as Tensor1D, {
        labels,
        rows: d.shape[0],
      });
    },
    { distance },
  );
}
