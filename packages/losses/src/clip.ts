import { defineViewLoss, l2Normalize, meanOfAll, type Reducer, type ViewLoss } from '@simile/core';
import { checkNames, checkOneOf, checkPositive } from '@simile/core/errors';
import { add, div, exp, eye, matMul, minimum, mul, ones, transpose, type Tensor2D } from '@simile/core/ops';
import { cosine } from '@simile/distances';
import { classCrossEntropy } from './class-cross-entropy.ts';
import { checkHeld, freeHeld, ownNumbers } from './own-numbers.ts';

const id = 'clip';

/** Options of {@link clip}. */
export interface ClipOptions {
  /** Difference of cosines over which a row's weight falls by e, to start from; above 0. Default 0.07. */
  temperature?: number;
  /** The temperature does not fall below this; above 0, at most `temperature`. Default 0.01. */
  leastTemperature?: number;
  /** Train the temperature along with the networks. Default true. */
  learn?: boolean;
  /** From the costs of the pairs to one number. Default `meanOfAll`, the paper's. */
  reduce?: Reducer;
}

/**
 * CLIP: an image must find its text among all texts of the batch, and a text its image among all images.
 *
 * $$ \ell_i = \tfrac12 \Bigl(\log \sum_j e^{s_{ij}/\tau} + \log \sum_j e^{s_{ji}/\tau}\Bigr) - s_{ii}/\tau $$
 *
 * s is the cosine. What is learned is log 1/τ, `variables[0]`; before each call it is brought back under log 1/`leastTemperature`.
 *
 * | tensor        | shape    | dtype   | unit                                             |
 * | ------------- | -------- | ------- | ------------------------------------------------ |
 * | first, second | `[n, d]` | float32 | embeddings of n pairs; rows are normalised       |
 * | result        | `[]`     | float32 | nats; 0 or more                                  |
 *
 * Cost: O(n²d) time, O(n²) memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` for targets, and
 *   `ERR_STATE` once its temperature is freed.
 * @see Radford et al., “Learning Transferable Visual Models From Natural Language Supervision”, ICML 2021, figure 3 and section 2.5:
 *   https://arxiv.org/abs/2103.00020
 * @example
 * const loss = clip({ temperature: 1 });
 * loss(tensor2d([[1, 0], [0, 1]]), tensor2d([[2, 0], [0, 2]])); // log(e + 1) − 1 ≈ 0.3133
 */
export function clip(options: ClipOptions = {}): ViewLoss {
  const { temperature = 0.07, leastTemperature = 0.01, learn = true, reduce = meanOfAll } = options;
  checkNames(id, options, ['temperature', 'leastTemperature', 'learn', 'reduce']);
  checkPositive(id, { temperature, leastTemperature });
  checkOneOf(id, { learn }, [true, false]);
  const most = -Math.log(leastTemperature);
  const own = ownNumbers(-Math.log(temperature), learn);

  return defineViewLoss(
    id,
    { temperature, leastTemperature, learn },
    (first, second) => {
      checkHeld(id, [own]);
      own.assign(minimum(own, most));
      const scale = exp(own);
      const [a, b] = [l2Normalize(first), l2Normalize(second)]; // [n, d]
      const logits = mul(matMul(a, b, false, true), scale) as Tensor2D; // [n, n]
      const pairs = eye(first.shape[0]);
      const forth = classCrossEntropy(logits, pairs); // [n]
      const back = classCrossEntropy(transpose(logits) as Tensor2D, pairs);
      return reduce(div(add(forth, back), 2), ones([first.shape[0]]));
    },
    { distance: cosine(), ...(learn && { variables: [own] }), dispose: () => freeHeld([own]) },
  );
}
