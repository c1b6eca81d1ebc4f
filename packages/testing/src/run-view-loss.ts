import type { ViewLoss } from '@simile/core';
import {
  add,
  dispose,
  mul,
  sum,
  valueAndGrads,
  variableGrads,
  zeros,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@simile/core/ops';
import { matrix } from './batches.ts';
import { CheckFailure } from './check.ts';
import { tensorCount } from './on-backend.ts';
import type { ViewBatch } from './view-batches.ts';

/** What a loss over two views gives for a batch. */
export interface ViewLossRun {
  readonly value: number;
  /** By the two views, row-major. */
  readonly gradients: readonly [first: Float32Array, second: Float32Array];
  /** By the targets, where it takes them. */
  readonly byTargets: readonly Float32Array[];
  /** By each of its variables. */
  readonly byVariables: readonly Float32Array[];
  /** Values of its variables. */
  readonly variables: readonly (readonly number[])[];
  /** Tensors that one call made and left. */
  readonly made: number;
  /** Tensors of its own that `dispose` did not free. */
  readonly kept: number;
}

/** Value and gradients on a batch, each from a loss made for it, since a call may move its state. Disposes of all it made. */
export async function runViewLoss(make: () => ViewLoss, { first, second, targets }: ViewBatch): Promise<ViewLossRun> {
  const views = [matrix(first), matrix(second)];
  const before = tensorCount();
  const losses = [make(), make(), make()] as const;
  const [once, taped, trained] = losses;
  const aims = once.takesTargets && targets ? [matrix(targets.first), matrix(targets.second)] : [];
  const inputs = [...views, ...aims];
  const call = (loss: ViewLoss, [a, b, ...t]: readonly Tensor[]): Scalar => {
    const pair = t.length > 0 ? { first: t[0] as Tensor2D, second: t[1] as Tensor2D } : undefined;
    return loss(a as Tensor2D, b as Tensor2D, pair);
  };

  const standing = tensorCount();
  const plain = call(once, inputs);
  const made = tensorCount() - standing;
  if (plain.rank !== 0) throw new CheckFailure(`the result has shape [${plain.shape.join(', ')}] in place of []`);
  // Joined to the targets by nothing, so that tfjs answers 0 for those that the loss holds constant.
  const { value, grads } = valueAndGrads((...x: Tensor[]): Scalar =>
    x.slice(2).reduce<Scalar>((total, target) => add(total, mul(sum(target), 0)), call(taped, x)),
  )(inputs);
  const own = [...(trained.variables ?? [])];
  const slopes = own.length > 0 ? variableGrads(() => call(trained, inputs), own) : undefined;
  const byVariables = own.map((variable) => slopes!.grads[variable.name] ?? zeros(variable.shape));
  const read = [plain, value, ...grads, ...byVariables, ...own];
  const [single, again, ...numbers] = (await Promise.all(read.map((x) => x.data()))) as Float32Array[];

  dispose([plain, value, ...grads, ...byVariables, ...aims]);
  slopes?.value.dispose();
  for (const loss of losses) loss.dispose?.();
  const kept = tensorCount() - before;
  dispose(views);
  const [alone, withTape] = [single![0]!, again![0]!];
  if (!Object.is(alone, withTape) && !(Math.abs(alone - withTape) <= 1e-5 * Math.max(1, Math.abs(alone)))) {
    throw new CheckFailure(`the value is ${alone}, but ${withTape} while a gradient is taken`);
  }
  return {
    value: alone,
    gradients: [numbers[0]!, numbers[1]!],
    byTargets: numbers.slice(2, 2 + aims.length),
    byVariables: numbers.slice(2 + aims.length, 2 + aims.length + own.length),
    variables: numbers.slice(2 + aims.length + own.length).map((values) => Array.from(values)),
    made,
    kept,
  };
}
