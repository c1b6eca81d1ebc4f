import type { Batch, Loss } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { clone, dispose, getBackend, tidy, type Optimizer, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainingMetric } from '../options.ts';
import { checkFiniteRows } from './batches.ts';
import { computeStep, variablesOf } from './compute-step.ts';

/** Backends whose tensors are read at no cost, so that a step waits for its own numbers. */
const DIRECT = new Set(['cpu', 'wasm', 'simile-wasm', 'tensorflow']);

/** What a step trains. */
export interface StepParts {
  readonly layers: LayersModel;
  readonly loss: Loss;
  readonly metrics: readonly TrainingMetric[];
  readonly optimizer: Optimizer;
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
  const { layers, loss, optimizer } = parts;
  const direct = DIRECT.has(getBackend());
  const trained = [...variablesOf(layers.trainableWeights), ...(loss.variables ?? [])];
  const fixed = variablesOf(layers.nonTrainableWeights); // moving averages change in the forward pass already
  const kept = (direct ? fixed : [...trained, ...fixed]).map((variable) => ({ variable, value: clone(variable) }));
  const held: Tensor[] = kept.map(({ value }) => value);
  const drop = (): void => dispose(held);
  const undo = (): void => kept.forEach(({ variable, value }) => void variable.assign(value));

  try {
    const { grads, numbers } = computeStep(parts, trained, batch);
    held.push(numbers, ...Object.values(grads));
    const update = (): void => {
      // One list in one order: optimizers keep their moments by place.
      optimizer.applyGradients(trained.map(({ name }) => ({ name, tensor: grads[name]! })));
      applyConstraints(layers);
    };
    if (direct) {
      const values = await checkNumbers(where, numbers.dataSync(), batch);
      update();
      drop();
      return { done: true, settle: () => Promise.resolve(values), drop: () => undefined };
    }
    const reading = numbers.data();
    reading.catch(() => undefined); // nobody waits for a step that is dropped
    update();
    const settle = async (): Promise<StepValues> => {
      try {
        return await checkNumbers(where, await reading, batch);
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

async function checkNumbers(where: string, numbers: ArrayLike<number>, { x }: Batch): Promise<StepValues> {
  const [loss = Number.NaN, inputs, gradients, ...metrics] = Array.from(numbers);
  if (Number.isFinite(loss) && Number.isFinite(inputs) && Number.isFinite(gradients)) return { loss, metrics };
  checkFiniteRows(where, { data: Float32Array.from(await x.data()), shape: x.shape }, 'x of a batch');
  const [what, got] = Number.isFinite(loss) ? ['gradients', gradients] : ['loss', loss];
  throw new SimileError({
    where,
    rule: `the ${what} must be finite`,
    got,
    remedy: 'Try a smaller learningRate, or end the model with metricEmbedding. The weights are as before this step.',
    code: 'ERR_NAN',
  });
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
