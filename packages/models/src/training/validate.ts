import type { Sampler } from '@simile/core';
import { add, cast, dispose, mul, stack, tidy, type Scalar, type Tensor2D } from '@tensorflow/tfjs-core';
import { batchStream, checkBatch } from './batches.ts';
import type { Logs } from './callbacks.ts';
import { referenceFor } from './compute-step.ts';
import type { StepParts } from './step.ts';

/**
 * Loss (penalties of layers included) and metrics over `steps` batches of a sampler, without training: means weighted by
 * the size of the batches, under `val_…`.
 */
export async function validate(
  where: string,
  { layers, loss, metrics, itemShape }: Omit<StepParts, 'optimizer'> & { itemShape: readonly (number | null)[] },
  sampler: Sampler,
  steps: number,
): Promise<Logs> {
  const stream = batchStream(where, sampler);
  const names = ['loss', ...metrics.map(({ name }) => name)];
  const totals = new Float64Array(names.length);
  let count = 0;
  try {
    for (let step = 0; step < steps; step++) {
      const batch = await stream.next(step === 0);
      if (!batch) break;
      const { x, labels } = batch;
      try {
        checkBatch(where, batch, itemShape);
        const size = x.shape[0]!;
        const numbers = tidy(() => {
          const reference = referenceFor({ layers, loss }, batch, false);
          const embeddings = layers.apply(x, { training: false }) as Tensor2D;
          const value = layers
            .calculateLosses()
            .reduce((total, penalty) => add(total, penalty), loss(labels, embeddings, reference));
          const watched = metrics.map((metric) => cast(metric(labels, embeddings), 'float32') as Scalar);
          return mul(stack([value, ...watched]), size);
        });
        const values = await numbers.data();
        dispose(numbers);
        values.forEach((value, i) => (totals[i]! += value));
        count += size;
      } finally {
        dispose([x, labels]);
      }
    }
  } finally {
    await stream.close();
  }
  return Object.fromEntries(names.map((name, i) => [`val_${name}`, totals[i]! / count]));
}
