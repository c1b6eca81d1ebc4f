import { checkAborted, checkInteger, SimileError } from '@simile/core/errors';
import type { Items } from '@simile/core/items';
import { dispose, type DataType, type Tensor } from '@tensorflow/tfjs-core';
import type { PredictOptions, TensorInput } from '../options.ts';
import { makeBreaks } from '../training/breaks.ts';
import { checkVectors } from './check-vectors.ts';
import { tensorBatches } from './tensor-batches.ts';

/** What {@link embedInBatches} needs to know of a network. */
export interface Network {
  /** Shape of one item; undefined when not known. */
  readonly itemShape: readonly (number | null)[] | undefined;
  readonly dtype: DataType;
  /** From `[n, ...]` to `[n, dimension]`, as tensors that the caller disposes of. */
  readonly run: (batch: Tensor) => Tensor;
}

/**
 * Runs a network over items of any count and reads the vectors. Memory: one batch of activations. The event loop gets
 * its turn between batches.
 */
export async function embedInBatches(
  where: string,
  x: TensorInput,
  { itemShape, dtype, run }: Network,
  { batchSize = 128, signal }: PredictOptions,
): Promise<Items<Float32Array>> {
  checkInteger(where, { batchSize }, 1);
  const batches = tensorBatches(where, x, itemShape, dtype);
  const takeBreak = makeBreaks();
  let all: Items<Float32Array> | undefined;
  try {
    for (let begin = 0; begin < batches.count; begin += batchSize) {
      checkAborted(where, signal);
      const end = Math.min(begin + batchSize, batches.count);
      const rows = await readRows(where, batches.take(begin, end), run, end - begin);
      all ??= { data: new Float32Array(batches.count * rows.width), shape: [batches.count, rows.width] };
      all.data.set(rows.data, begin * rows.width);
      await takeBreak();
    }
  } finally {
    batches.dispose();
  }
  return checkVectors(where, all!);
}

async function readRows(
  where: string,
  batch: Tensor,
  run: (batch: Tensor) => Tensor,
  count: number,
): Promise<{ data: Float32Array; width: number }> {
  let vectors: Tensor | undefined;
  try {
    vectors = run(batch);
    if (vectors.rank !== 2 || vectors.shape[0] !== count || vectors.shape[1] === 0) {
      throw new SimileError({
        where,
        rule: `the model must make one vector an item, [${count}, dimension]`,
        got: vectors.shape,
        remedy: 'End it with metricEmbedding, or with flatten.',
        code: 'ERR_SHAPE',
      });
    }
    return { data: (await vectors.data()) as Float32Array, width: vectors.shape[1]! };
  } finally {
    dispose(vectors === undefined ? batch : [batch, vectors]);
  }
}
