import { defineViewLoss, l2Normalize, type ViewLoss } from '@simile/core';
import { checkFinite, checkNames, checkOneOf, checkPositive } from '@simile/core/errors';
import { add, div, exp, eye, matMul, mul, softplus, sub, sum, type Scalar, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { checkHeld, freeHeld, ownNumbers } from './own-numbers.ts';

const id = 'sig-lip';

/** Options of {@link sigLip}. */
export interface SigLipOptions {
  /** Inverse of the scale of cosines, to start from; above 0. Default 0.1. */
  temperature?: number;
  /** Added to each logit, to start from: most pairs are no pairs. Default −10. */
  bias?: number;
  /** Train temperature and bias along with the networks. Default true. */
  learn?: boolean;
}

/**
 * SigLIP: each image and text of a batch is judged alone, a pair or no pair. No softmax, so no batch is too large or too small.
 *
 * $$ \frac1n \sum_i \sum_j \log\bigl(1 + e^{-z_{ij} (s_{ij}/\tau + b)}\bigr), \quad z_{ij} = 1 \text{ if } i = j, \text{ else } -1 $$
 *
 * s is the cosine. What is learned is log 1/τ, `variables[0]`, and b, `variables[1]`.
 *
 * | tensor        | shape    | dtype   | unit                                             |
 * | ------------- | -------- | ------- | ------------------------------------------------ |
 * | first, second | `[n, d]` | float32 | embeddings of n pairs; rows are normalised       |
 * | result        | `[]`     | float32 | nats an item; 0 or more                          |
 *
 * Cost: O(n²d) time, O(n²) memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` for targets, and
 *   `ERR_STATE` once its numbers are freed.
 * @see Zhai, Mustafa, Kolesnikov & Beyer, “Sigmoid Loss for Language Image Pre-Training”, ICCV 2023, algorithm 1:
 *   https://arxiv.org/abs/2303.15343
 * @example
 * const loss = sigLip({ temperature: 1, bias: 0 });
 * loss(tensor2d([[1, 0], [0, 1]]), tensor2d([[2, 0], [0, 2]])); // a pair log(1 + 1/e), a stranger log 2: ≈ 1.0064
 */
export function sigLip(options: SigLipOptions = {}): ViewLoss {
  const { temperature = 0.1, bias = -10, learn = true } = options;
  checkNames(id, options, ['temperature', 'bias', 'learn']);
  checkPositive(id, { temperature });
  checkFinite(id, { bias });
  checkOneOf(id, { learn }, [true, false]);
  const own = [ownNumbers(-Math.log(temperature), learn), ownNumbers(bias, learn)] as const;

  return defineViewLoss(
    id,
    { temperature, bias, learn },
    (first, second) => {
      checkHeld(id, own);
      const [logScale, offset] = own;
      const [n] = first.shape;
      const cosines = matMul(l2Normalize(first), l2Normalize(second), false, true) as Tensor2D; // [n, n]
      const logits = add(mul(cosines, exp(logScale)), offset);
      const against = sub(1, mul(eye(n), 2)); // −1 for a pair, 1 for others
      return div(sum(softplus(mul(logits, against))), n) as Scalar;
    },
    { distance: cosine(), ...(learn && { variables: own }), dispose: () => freeHeld(own) },
  );
}
