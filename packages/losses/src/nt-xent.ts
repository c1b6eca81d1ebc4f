import { defineViewLoss, l2Normalize, logOnePlusSumExp, meanOfAll, type Reducer, type ViewLoss } from '@simile/core';
import { checkNames, checkPositive } from '@simile/core/errors';
import { concat, div, eye, matMul, mul, ones, sub, sum, tile, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';

const id = 'nt-xent';

/** Options of {@link ntXent}. */
export interface NtXentOptions {
  /** Difference of cosines over which a row's weight falls by e; above 0. Default 0.1, the best of the paper's table 5. */
  temperature?: number;
  /** From the costs of the 2n rows, first view first, to one number. Default `meanOfAll`, the paper's. */
  reduce?: Reducer;
}

/**
 * NT-Xent, the loss of SimCLR: a view must find the other view of its item among all the other rows of both.
 *
 * $$ \ell_i = -\log \frac{e^{s_{ij}/\tau}}{\sum_{k \neq i} e^{s_{ik}/\tau}} $$
 *
 * Over 2n rows, s the cosine, j the other view of i. A batch of one item costs 0: there is nothing else to find.
 *
 * | tensor        | shape    | dtype   | unit                       |
 * | ------------- | -------- | ------- | -------------------------- |
 * | first, second | `[n, d]` | float32 | any; rows are normalised   |
 * | result        | `[]`     | float32 | nats; 0 or more            |
 *
 * Its many negatives are the other items of the batch, so it gains from large ones. Cost: O(n²d) time, O(n²) memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_OPTION` for targets.
 * @see Chen, Kornblith, Norouzi & Hinton, “A Simple Framework for Contrastive Learning of Visual Representations”, ICML 2020, eq. 1 and
 *   algorithm 1: https://arxiv.org/abs/2002.05709
 * @example
 * const loss = ntXent({ temperature: 1 });
 * // Each row: its other view at cosine 1, two others at 0.
 * loss(tensor2d([[1, 0], [0, 1]]), tensor2d([[2, 0], [0, 2]])); // log(1 + 2 / e) ≈ 0.5514
 */
export function ntXent(options: NtXentOptions = {}): ViewLoss {
  const { temperature = 0.1, reduce = meanOfAll } = options;
  checkNames(id, options, ['temperature', 'reduce']);
  checkPositive(id, { temperature });

  return defineViewLoss(
    id,
    { temperature },
    (first, second) => {
      const [n] = first.shape;
      const [a, b] = [l2Normalize(first), l2Normalize(second)]; // [n, d]
      const rows = concat([a, b]) as Tensor2D; // [2n, d]
      const own = sum(mul(a, b), 1, true); // [n, 1]
      const cosines = matMul(rows, rows, false, true) as Tensor2D; // [2n, 2n]
      const ahead = div(sub(cosines, concat([own, own])), temperature) as Tensor2D; // of the other view
      const ofOtherItems = tile(sub(1, eye(n)), [2, 2]) as Tensor2D;
      return reduce(logOnePlusSumExp(ahead, ofOtherItems), ones([2 * n]));
    },
    { distance: cosine() },
  );
}
