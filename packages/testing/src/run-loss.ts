import type { Loss } from '@simile/core';
import { dispose, valueAndGrads, type Scalar, type Tensor, type Tensor2D } from '@simile/core/ops';
import { matrix, type TestBatch } from './batches.ts';
import { CheckFailure } from './check.ts';
import { tensorCount } from './on-backend.ts';
import type { TestRelation } from './relations.ts';

/** What a loss gives for a batch. */
export interface LossRun {
  readonly value: number;
  /** By the rows and, where there is one, by the rows of the reference; row-major. */
  readonly gradients: readonly Float32Array[];
  /** Tensors that one call made and left. */
  readonly made: number;
}

/** Value of a loss on a batch, without a gradient; disposes of all tensors it made and of those of the relation. */
export async function lossValue(loss: Loss, batch: TestBatch, relation: TestRelation): Promise<number> {
  const { f, inputs } = callOf(loss, batch, relation);
  const result = checkScalar(f(...inputs));
  const [value] = await result.data();
  dispose([result, ...inputs, ...relation.tensors]);
  return value!;
}

/** Value and gradient of a loss on a batch; disposes of all tensors it made and of those of the relation. */
export async function runLoss(loss: Loss, batch: TestBatch, relation: TestRelation): Promise<LossRun> {
  const { f, inputs } = callOf(loss, batch, relation);
  const before = tensorCount();
  const plain = checkScalar(f(...inputs));
  const made = tensorCount() - before;
  const { value, grads } = valueAndGrads(f)(inputs);
  const [single, again, ...gradients] = (await Promise.all(
    [plain, value, ...grads].map((x) => x.data()),
  )) as Float32Array[];
  dispose([plain, value, ...grads, ...inputs, ...relation.tensors]);
  const [alone, taped] = [single![0]!, again![0]!];
  if (!Object.is(alone, taped) && !(Math.abs(alone - taped) <= 1e-5 * Math.max(1, Math.abs(alone)))) {
    throw new CheckFailure(`the value is ${alone}, but ${taped} while a gradient is taken`);
  }
  return { value: alone, gradients, made };
}

function callOf(
  loss: Loss,
  { rows, reference }: TestBatch,
  { labels, others }: TestRelation,
): { f: (...inputs: Tensor[]) => Scalar; inputs: Tensor2D[] } {
  return {
    inputs: [matrix(rows), ...(reference ? [matrix(reference.rows)] : [])],
    f: (x, compared) =>
      compared
        ? loss(labels, x as Tensor2D, { labels: others!, embeddings: compared as Tensor2D })
        : loss(labels, x as Tensor2D),
  };
}

function checkScalar(result: Scalar): Scalar {
  if (result.size === 1 && result.rank === 0) return result;
  throw new CheckFailure(`the result has shape [${result.shape.join(', ')}] in place of []`);
}
