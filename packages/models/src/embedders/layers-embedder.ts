import { SimileError } from '@simile/core/errors';
import { tidy, type DataType, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TensorInput } from '../options.ts';
import { embedInBatches, type Network } from './embed-in-batches.ts';
import type { Embedder } from './embedder.ts';

/** An {@link Embedder} that can be trained. */
export interface LayersEmbedder extends Embedder<TensorInput> {
  readonly kind: 'layers';
  readonly layers: LayersModel;
  readonly itemShape: readonly (number | null)[];
}

/** Embeds by a model of tfjs-layers with one input and one output `[n, dimension]`. @throws `ERR_SHAPE` for any other */
export function layersEmbedder(where: string, layers: LayersModel): LayersEmbedder {
  const [input, ...moreInputs] = layers.inputs;
  const [output, ...moreOutputs] = layers.outputs;
  const dimension = output?.shape[1];
  if (!input || moreInputs.length > 0 || !output || moreOutputs.length > 0 || output.shape.length !== 2 || !dimension) {
    const shapes = [layers.inputs, layers.outputs].map((list) =>
      list.map(({ shape }) => `[${shape.map((size) => size ?? 'n')}]`),
    );
    throw new SimileError({
      where,
      rule: 'the model must have one input and one output of shape [n, dimension]',
      got: `${shapes[0]!.join(', ')} → ${shapes[1]!.join(', ')}`,
      remedy: 'Join inputs with a layer, and end the model with metricEmbedding, or with flatten.',
      code: 'ERR_SHAPE',
    });
  }
  // A sequential model is whole only once it is built, which its first use would do.
  if (layers.getClassName() === 'Sequential' && !(layers as { model?: unknown }).model) layers.build(input.shape);
  const itemShape = input.shape.slice(1);
  const network: Network = {
    itemShape,
    dtype: (input.dtype ?? 'float32') as DataType,
    run: (batch) => tidy(() => layers.predictOnBatch(batch) as Tensor),
  };
  return {
    kind: 'layers',
    layers,
    itemShape,
    dimension,
    embed: (at, x, options) => embedInBatches(at, x, network, options),
    dispose: () => void layers.dispose(),
  };
}
