import {
  defineLoss,
  maskedLogSumExp,
  meanOfValid,
  pairMasks,
  rowHasAny,
  type Distance,
  type Loss,
  type Reducer,
} from '@simile/core';
import { checkNames, checkPositive } from '@simile/core/errors';
import { add, div, eye, maximum, mul, sub, sum, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';

const id = 'instance';

/** Options of {@link instance}. */
export interface InstanceOptions {
  /** Scale of the similarity; above 0. Default 64. */
  scale?: number;
  /** All-pairs distance, smaller is closer. Default `cosine()`: only differences count, so it equals cosine similarity. */
  distance?: Distance;
  /** From the costs of the rows to one number. Default `meanOfValid`: the mean over the rows with a counterpart. */
  reduce?: Reducer;
}

/**
 * Instance loss: every instance is a class of its own, and a row must be recognised among all of them.
 *
 * $$ \ell_i = \log \sum_j e^{-\gamma d_{ij}} - \frac1{|P_i|} \sum_{p \in P_i} (-\gamma d_{ip}) $$
 *
 * Within a batch P is the row itself and, where labels repeat, the rows of its label: with labels that all differ, rows are only
 * pushed apart. With a `reference`, such as the texts of a batch of images, P is what belongs to the row there; a row to which
 * nothing does takes no part.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | instance id, or any other relation            |
 * | embeddings | `[n, d]` | float32 | any; `cosine` normalises                      |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | nats; 0 or more                               |
 *
 * This is the authors' form over a batch; the paper's has a weight for every instance of the data, which `normalizedSoftmax` over two views
 * is. Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Zheng et al., “Dual-Path Convolutional Image-Text Embeddings with Instance Loss”, ACM TOMM 2020: https://arxiv.org/abs/1711.05535
 * @example
 * const loss = instance({ scale: 1 });
 * loss(tensor1d([0, 1]), tensor2d([[1, 0], [0, 1]])); // itself at s = 1, the other at 0: log(1 + e^−1) ≈ 0.3133
 */
export function instance(options: InstanceOptions = {}): Loss {
  const { scale = 64, distance = cosine(), reduce = meanOfValid } = options;
  checkNames(id, options, ['scale', 'distance', 'reduce']);
  checkPositive(id, { scale });

  return defineLoss(
    id,
    { scale, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const [n, m] = d.shape;
      const pairs = pairMasks(labels, n, reference && { labels: reference.labels, rows: m });
      const own = reference ? pairs.positive : (add(pairs.positive, eye(n)) as Tensor2D);
      const logits = mul(d, -scale) as Tensor2D; // [n, m]
      const share = div(own, maximum(sum(own, 1, true), 1)); // [n, m], 1 / |P|
      const ahead = sub(logits, sum(mul(logits, share), 1, true)) as Tensor2D; // of the mean over P
      return reduce(maskedLogSumExp(ahead, add(own, pairs.negative)), rowHasAny(own), { labels, rows: d.shape[0] });
    },
    { distance },
  );
}
