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
import { checkFinite, checkNames, checkNotNegative } from '@simile/core/errors';
import {
  abs,
  add,
  mean,
  mul,
  relu,
  reshape,
  sub,
  sum,
  type Scalar,
  type Tensor,
  type Tensor1D,
} from '@simile/core/ops';
import { snr } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = 'snr-contrastive';

/** Options of {@link snrContrastive}. */
export interface SnrContrastiveOptions {
  /** Distance up to which a positive pair costs nothing. Default 0. */
  positiveMargin?: number;
  /** Distance from which a negative pair costs nothing. Default 1. */
  negativeMargin?: number;
  /** Price of rows whose numbers do not add up to 0, the paper's λ, whose value it leaves open; 0 or more. Default 0. */
  zeroMean?: number;
  /** All-pairs distance, smaller is closer. Default `snr()`, which the paper has, of rows as they are. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the pairs of one kind to one number. Default `meanOfValid`: the mean over the pairs. */
  reduce?: Reducer;
}

/**
 * Contrastive loss on the signal-to-noise distance: noise is what two rows differ by, signal the anchor.
 *
 * $$ L = \operatorname{mean}_P \max(0, d_{ij} - m_p) + \operatorname{mean}_N \max(0, m_n - d_{ij}) + \lambda \operatorname{mean}_i \Bigl|\sum_k x_{ik}\Bigr|,
 *    \quad d_{ij} = \frac{\operatorname{var}(x_i - x_j)}{\operatorname{var}(x_i)} $$
 *
 * Each kind of pair is reduced on its own; a kind without pairs costs 0.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any                                           |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`; 0 or more                 |
 *
 * An index of the trained model compares by `snr` as well, the query as the anchor. PyTorch Metric Learning normalises rows first.
 * Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE` and `ERR_DTYPE`.
 * @see Yuan, Deng, Tang, Tang & Chen, “Signal-to-Noise Ratio: A Robust Distance Metric for Deep Metric Learning”, CVPR 2019:
 *   https://arxiv.org/abs/1904.02616
 * @example
 * const loss = snrContrastive({ negativeMargin: 5 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0, 2], [0, 4], [2, 0]])); // (1 + ¼)/2 + (1 + 1 + 2¾ + 0)/4 = 1.8125
 */
export function snrContrastive(options: SnrContrastiveOptions = {}): Loss {
  const { positiveMargin = 0, negativeMargin = 1, zeroMean = 0 } = options;
  const { distance = snr(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['positiveMargin', 'negativeMargin', 'zeroMean', 'distance', 'miner', 'reduce']);
  checkFinite(id, { positiveMargin, negativeMargin });
  checkNotNegative(id, { zeroMean });

  return defineLoss(
    id,
    { positiveMargin, negativeMargin, zeroMean, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner);
      const reduced = (excess: Tensor, pairs: Tensor): Scalar =>
        reduce(reshape(relu(excess), [-1]) as Tensor1D, reshape(pairs, [-1]) as Tensor1D, { labels, rows: d.shape[0] });
      const cost: Scalar = add(reduced(sub(d, positiveMargin), positive), reduced(sub(negativeMargin, d), negative));
      return zeroMean === 0 ? cost : add(cost, mul(mean(abs(sum(embeddings, 1))), zeroMean));
    },
    { distance },
  );
}
