import type { Loss } from '@simile/core';
import { dispose, reshape, tensor1d, valueAndGrad, variableGrads, type Tensor, type Tensor2D } from '@simile/core/ops';
import { matrix, type Rows } from './batches.ts';
import { CheckFailure } from './check.ts';
import { tensorCount } from './on-backend.ts';

/** What a loss that owns weights gives for a batch. */
export interface ClassLossRun {
  readonly value: number;
  /** By the rows, row-major. */
  readonly gradient: Float32Array;
  /** By the weights, row-major. */
  readonly weightsGradient: Float32Array;
  /** Tensors that one call made and left. */
  readonly made: number;
}

/** Forms in which class ids may come. */
export type ClassIdKind = 'class-ids' | 'column' | 'float-ids';

function labelsOf(labels: readonly number[], kind: ClassIdKind): Tensor {
  const ids = tensor1d([...labels], kind === 'float-ids' ? 'float32' : 'int32');
  if (kind !== 'column') return ids;
  const column = reshape(ids, [labels.length, 1]);
  ids.dispose();
  return column;
}

/** Value of a loss on a batch, without a gradient; disposes of all tensors it made. */
export async function classLossValue(
  loss: Loss,
  { labels, rows }: { readonly labels: readonly number[]; readonly rows: Rows },
  kind: ClassIdKind = 'class-ids',
): Promise<number> {
  const [ids, x] = [labelsOf(labels, kind), matrix(rows)];
  const result = loss(ids, x);
  const [value] = await result.data();
  dispose([ids, x, result]);
  return value!;
}

/** Value and gradients of a loss on a batch; disposes of all tensors it made. */
export async function runClassLoss(
  loss: Loss,
  { labels, rows }: { readonly labels: readonly number[]; readonly rows: Rows },
  kind: ClassIdKind = 'class-ids',
): Promise<ClassLossRun> {
  const [weights] = loss.variables ?? [];
  if (!weights || loss.variables!.length !== 1) {
    throw new CheckFailure(`the loss has ${loss.variables?.length ?? 0} variables in place of 1`);
  }
  const ids = labelsOf(labels, kind);
  const x = matrix(rows);

  const before = tensorCount();
  const plain = loss(ids, x);
  const made = tensorCount() - before;
  if (plain.rank !== 0) throw new CheckFailure(`the result has shape [${plain.shape.join(', ')}] in place of []`);
  const byRows = valueAndGrad((at: Tensor) => loss(ids, at as Tensor2D))(x);
  const byWeights = variableGrads(() => loss(ids, x), [weights]);
  const slopes = byWeights.grads[weights.name]!;
  const [single, again, gradient, weightsGradient] = (await Promise.all(
    [plain, byRows.value, byRows.grad, slopes].map((part) => part.data()),
  )) as Float32Array[];
  dispose([ids, x, plain, byRows.value, byRows.grad, byWeights.value, slopes]);
  const [alone, taped] = [single![0]!, again![0]!];
  if (!Object.is(alone, taped) && !(Math.abs(alone - taped) <= 1e-5 * Math.max(1, Math.abs(alone)))) {
    throw new CheckFailure(`the value is ${alone}, but ${taped} while a gradient is taken`);
  }
  return { value: alone, gradient: gradient!, weightsGradient: weightsGradient!, made };
}
