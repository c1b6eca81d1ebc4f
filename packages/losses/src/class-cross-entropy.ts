import { logOnePlusSumExp } from '@simile/core';
import { mul, sub, sum, type Tensor1D, type Tensor2D } from '@simile/core/ops';

/**
 * `−log softmax` at the class of each row: `[n, classes], [n, classes] → [n]`. Written as log(1 + Σ e^(z_j − z_y)) over the other
 * classes, so that large logits never overflow and the cost is never below 0.
 */
export function classCrossEntropy(logits: Tensor2D, own: Tensor2D): Tensor1D {
  const ahead = sub(logits, sum(mul(logits, own), 1, true)) as Tensor2D; // [n, classes]
  return logOnePlusSumExp(ahead, sub(1, own) as Tensor2D);
}
