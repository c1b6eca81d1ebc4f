import type { Batch } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { clone, dispose, tidy, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import { checkFiniteRows } from './batches.ts';
import { variablesOf } from './compute-step.ts';
import type { StepParts } from './step.ts';

/** What of a step is not finite. */
export interface BadNumbers {
  readonly loss: number;
  /** Their sum. */
  readonly gradients: number;
  /** By variable. */
  readonly grads: NamedTensorMap;
}

const UNCHANGED = 'The weights are as before this step.';

/**
 * Says where a number that is not finite came from: the items, the weights, the embeddings, the loss, or the gradients of which
 * weights. Reads back all that it looks at, so it is for a step that went wrong.
 *
 * @throws `ERR_NAN` when it is the items
 */
export async function notFinite(
  where: string,
  parts: Pick<StepParts, 'layers' | 'loss'>,
  batch: Batch,
  { loss, gradients, grads }: BadNumbers,
): Promise<SimileError> {
  const { x } = batch;
  checkFiniteRows(where, { data: Float32Array.from(await x.data()), shape: x.shape }, 'x of a batch');
  const bad = (rule: string, got: unknown, remedy: string): SimileError =>
    new SimileError({ where, rule, got, remedy: `${remedy} ${UNCHANGED}`, code: 'ERR_NAN' });

  const weights = await broken(namedWeights(parts));
  if (weights) {
    return bad(
      'weights must be finite',
      weights,
      'They were not before this step either: load or make the model again.',
    );
  }
  if (!Number.isFinite(loss)) {
    const row = await brokenEmbedding(parts, x);
    const remedy =
      row === undefined
        ? `All embeddings are finite, so ${parts.loss.name} made it of them: try a smaller learningRate, a larger temperature or a smaller scale.`
        : `The embedding of row ${row} is not finite: try a smaller learningRate, bring x near −1 to 1, or end the model with metricEmbedding.`;
    return bad('the loss must be finite', loss, remedy);
  }
  const own = await broken(namedWeights(parts).map(({ name, value }) => ({ name, value: grads[value.name]! })));
  const remedy = own
    ? `They are those of ${own}. Try a smaller learningRate, or end the model with metricEmbedding.`
    : 'Each is finite and their sum is not: they are too large. Bring x near −1 to 1, or try a smaller learningRate.';
  return bad('the gradients must be finite', gradients, remedy);
}

function namedWeights({
  layers,
  loss,
}: Pick<StepParts, 'layers' | 'loss'>): { name: string; value: Tensor & { name: string } }[] {
  const variables = variablesOf(layers.trainableWeights);
  return [
    ...variables.map((value, i) => ({ name: layers.trainableWeights[i]!.originalName, value })),
    ...(loss.variables ?? []).map((value, i) => ({ name: `variables[${i}] of ${loss.name}`, value })),
  ];
}

/** Names of those with a number that is not finite, and how many of theirs are not; undefined where there is none. */
async function broken(tensors: readonly { name: string; value: Tensor }[]): Promise<string | undefined> {
  const found: string[] = [];
  for (const { name, value } of tensors) {
    const numbers = await value.data();
    const count = Array.from(numbers).filter((number) => !Number.isFinite(number)).length;
    if (count > 0) found.push(`${name} (${count} of ${numbers.length})`);
  }
  return found.length > 0 ? found.join(', ') : undefined;
}

/** The first row whose embedding is not finite. What the forward pass moves is put back. */
async function brokenEmbedding({ layers }: Pick<StepParts, 'layers'>, x: Tensor): Promise<number | undefined> {
  const fixed = variablesOf(layers.nonTrainableWeights).map((variable) => ({ variable, value: clone(variable) }));
  const embeddings = tidy(() => layers.apply(x, { training: true }) as Tensor);
  const numbers = await embeddings.data();
  fixed.forEach(({ variable, value }) => void variable.assign(value));
  dispose([embeddings, ...fixed.map(({ value }) => value)]);
  const place = numbers.findIndex((number) => !Number.isFinite(number));
  return place < 0 ? undefined : Math.floor(place / embeddings.shape[1]!);
}
