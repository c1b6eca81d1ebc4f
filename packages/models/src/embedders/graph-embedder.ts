import { SimileError } from '@simile/core/errors';
import { tidy, type DataType, type io, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorInput } from '../options.ts';
import { embedInBatches, type Network } from './embed-in-batches.ts';
import type { Embedder } from './embedder.ts';

/** What we use of a `GraphModel` of `@tensorflow/tfjs-converter`; its package is not needed here. */
export interface GraphModelLike {
  readonly inputs: readonly { readonly shape?: number[]; readonly dtype?: string }[];
  predict(x: Tensor): Tensor | Tensor[] | { [name: string]: Tensor };
  save(handler: io.IOHandler): Promise<unknown>;
  dispose(): void;
}

/** An {@link Embedder} of a graph model. */
export interface GraphEmbedder extends Embedder<TensorInput> {
  readonly kind: 'graph';
  readonly graph: GraphModelLike;
}

/** Embeds by a graph model with one output `[n, dimension]`; it cannot be trained. */
export function graphEmbedder(where: string, graph: GraphModelLike): GraphEmbedder {
  const [input] = graph.inputs;
  let dimension: number | undefined;
  const network: Network = {
    itemShape: input?.shape && input.shape.length > 0 ? input.shape.slice(1) : undefined,
    dtype: (input?.dtype ?? 'float32') as DataType,
    run: (batch) =>
      tidy(() => {
        const out = graph.predict(batch);
        const [vectors, ...more] = 'dataId' in out ? [out as Tensor] : Object.values(out);
        if (vectors && more.length === 0) return vectors;
        throw new SimileError({
          where,
          rule: 'a graph model must have one output',
          got: more.length + 1,
          remedy: 'Use similarityModel({ embed }) with a function that picks the output.',
          code: 'ERR_SHAPE',
        });
      }),
  };
  return {
    kind: 'graph',
    graph,
    get dimension() {
      return dimension;
    },
    embed: async (at, x, options) => {
      const vectors = await embedInBatches(at, x, network, options);
      dimension = vectors.shape[1];
      return vectors;
    },
    dispose: () => graph.dispose(),
  };
}
