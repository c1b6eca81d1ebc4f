import type { Batch, Loss } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import {
  clone,
  dispose,
  getBackend,
  tidy,
  type NamedTensorMap,
  type Optimizer,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainingMetric } from '../options.ts';
import { computeStep, variablesOf } from './compute-step.ts';
import { notFinite } from './not-finite.ts';

/** Backends whose tensors are read at no cost, so that a step waits for its own numbers. */
const DIRECT = new Set(['cpu', 'wasm', 'simile-wasm', 'tensorflow']);

/** What a step trains. */
export interface StepParts {
  readonly layers: LayersModel;
  readonly loss: Loss;
  readonly metrics: readonly TrainingMetric[];
  readonly optimizer: Optimizer;
  /** Of the weights of the loss, where they have one of their own. */
  readonly lossOptimizer?: Optimizer | undefined;
}

/** Numbers of a step that went well. */
export interface StepValues {
  readonly loss: number;
  /** In the order of {@link StepParts.metrics}. */
  readonly metrics: readonly number[];
}

/** A step on its way. */
export interface StartedStep {
  /** Whether it is done, so that `settle` need not wait. */
  readonly done: boolean;
  /** The numbers; rejects, with the weights put back as they were before the step, when they are not finite. */
  settle(): Promise<StepValues>;
  /** Frees what is held to put weights back; instead of `settle`. */
  drop(): void;
}

/**
 * One step: forward with `training: true`, gradients of the loss plus the layers' penalties with respect to the trainable
 * weights and the loss's own, update.
 *
 * Loss, metrics, the sum of the inputs and that of all gradients travel in one small tensor, so one read tells whether anything
 * is not finite.
 *
 * Where reading is free (cpu, wasm) that is done before the update. On a GPU the update is queued at once, and `settle` is
 * called while the next step runs; the weights of before are kept until then (shared, not copied).
 *
 * @throws `ERR_NAN`, `ERR_BACKEND`, and what layers and loss throw; the weights are then as before
 */
export async function startStep(where: string, parts: StepParts, batch: Batch): Promise<StartedStep> {
  const { layers, loss } = parts;
  const direct = DIRECT.has(getBackend());
  const trained = trainedBy(parts);
  // Moving averages, and what a loss moves itself, change in the forward pass already.
  const fixed = [...variablesOf(layers.nonTrainableWeights), ...(loss.state ?? [])];
  const kept = (direct ? fixed : [...trained, ...fixed]).map((variable) => ({ variable, value: clone(variable) }));
  const held: Tensor[] = kept.map(({ value }) => value);
  const drop = (): void => dispose(held);
  const undo = (): void => kept.forEach(({ variable, value }) => void variable.assign(value));

  try {
    const { grads, numbers } = computeStep(parts, trained, batch);
    held.push(numbers, ...Object.values(grads));
    const check = async (read: ArrayLike<number>): Promise<StepValues> => {
      const [value = Number.NaN, inputs, gradients, ...metrics] = Array.from(read);
      if ([value, inputs, gradients].every(Number.isFinite)) return { loss: value, metrics };
      undo();
      throw await notFinite(where, parts, batch, { loss: value, gradients: gradients!, grads });
    };
    const update = (): void => {
      applyGradients(parts, grads);
      applyConstraints(layers);
      loss.slower?.follow();
    };
    if (direct) {
      const values = await check(numbers.dataSync());
      update();
      drop();
      return { done: true, settle: () => Promise.resolve(values), drop: () => undefined };
    }
    const reading = numbers.data();
    reading.catch(() => undefined); // nobody waits for a step that is dropped
    update();
    const settle = async (): Promise<StepValues> => {
      try {
        return await check(await reading);
      } catch (error) {
        undo();
        throw error;
      } finally {
        drop();
      }
    };
    return { done: false, settle, drop };
  } catch (error) {
    undo();
    drop();
    throw asBackendError(where, error);
  }
}

/** What the optimizers change: the weights of the network that are trained, then those of the loss. */
function trainedBy({ layers, loss }: Pick<StepParts, 'layers' | 'loss'>): Variable[] {
  return [...variablesOf(layers.trainableWeights), ...(loss.variables ?? [])];
}

/** Each optimizer gets one list in one order: optimizers keep their moments by place. */
function applyGradients({ layers, loss, optimizer, lossOptimizer }: StepParts, grads: NamedTensorMap): void {
  const named = (variables: readonly Variable[]): { name: string; tensor: Tensor }[] =>
    variables.map(({ name }) => ({ name, tensor: grads[name]! }));
  const [network, own] = [named(variablesOf(layers.trainableWeights)), named(loss.variables ?? [])];
  optimizer.applyGradients(lossOptimizer ? network : [...network, ...own]);
  lossOptimizer?.applyGradients(own);
}

/** tfjs applies constraints of weights on `write` only, which optimizers pass by. */
function applyConstraints(layers: LayersModel): void {
  for (const weight of layers.trainableWeights) {
    const { constraint } = weight as unknown as { constraint?: { apply(value: Tensor): Tensor } };
    if (constraint) tidy(() => void weight.write(clone(weight.read())));
  }
}

/** What tfjs throws when a backend lacks a kernel, with the way out. Other errors pass as they are. */
function asBackendError(where: string, error: unknown): unknown {
  if (SimileError.is(error) || !/Kernel '?.*'? not registered|not.*supported.*backend/i.test(String(error)))
    return error;
  return new SimileError({
    where,
    rule: `the backend ${getBackend()} must be able to train this model`,
    got: (error as Error).message,
    remedy: "Call await selectBackend({ training: true }) from '@simile/core/backend' first.",
    code: 'ERR_BACKEND',
    cause: error,
  });
}
