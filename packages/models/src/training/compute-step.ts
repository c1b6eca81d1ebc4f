import type { Batch, Reference } from '@simile/core';
import {
  add,
  cast,
  dispose,
  keep,
  stack,
  sum,
  tidy,
  variableGrads,
  type NamedTensorMap,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { StepParts } from './step.ts';

/** Gradients by variable, and `[loss, sum of x, sum of gradients, ...metrics]`. */
export function computeStep(
  { layers, loss, metrics }: StepParts,
  trained: Variable[],
  { x, labels }: Batch,
): { grads: NamedTensorMap; numbers: Tensor1D } {
  const watched: Scalar[] = [];
  const reference = referenceFor({ layers, loss }, { x, labels }, true);
  try {
    const { value, grads } = variableGrads(() => {
      const embeddings = layers.apply(x, { training: true }) as Tensor2D;
      const value = loss(labels, embeddings, reference);
      for (const metric of metrics) watched.push(keep(metric(labels, embeddings))); // some tell of the loss
      return layers.calculateLosses().reduce((total, penalty) => add(total, penalty), value);
    }, trained);
    const numbers = tidy(() => {
      // Not addN: on webgpu it binds every gradient at once, and WebGPU promises no more than eight buffers.
      const gradients = sum(stack(Object.values(grads).map((grad) => sum(grad))));
      return stack([value, sum(cast(x, 'float32')), gradients, ...watched.map((number) => cast(number, 'float32'))]);
    }) as Tensor1D;
    dispose(value);
    return { grads, numbers };
  } finally {
    dispose(watched);
    reference?.embeddings.dispose();
  }
}

/** What the slower network of a loss that has one makes of a batch. The caller frees the rows. */
export function referenceFor(
  { layers, loss }: Pick<StepParts, 'layers' | 'loss'>,
  { x, labels }: Batch,
  training: boolean,
): Reference | undefined {
  if (!loss.slower) return undefined;
  return { labels, embeddings: loss.slower.embed(() => layers.apply(x, { training }) as Tensor2D) };
}

/** The variables that hold weights of layers. */
export const variablesOf = (weights: LayersModel['weights']): Variable[] =>
  weights.map((weight) => weight.read() as Variable);
