import type { LabelledItems } from '@simile/core/items';
import { createRandom } from '@simile/core/random';
import { metricEmbedding } from '@simile/layers';
import { input, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** Points `[n, 4]` scattered around one centre a class. */
export function clusters({
  classes = 3,
  perClass = 20,
  seed = 1,
}: { classes?: number; perClass?: number; seed?: number } = {}): LabelledItems<Float32Array> {
  const random = createRandom(seed);
  const centers = Array.from({ length: classes }, (_, c) =>
    Array.from({ length: 4 }, (_unused, i) => (i === c % 4 ? 2 : 0) - (c >= 4 ? 1 : 0)),
  );
  const labels = Int32Array.from({ length: classes * perClass }, (_, i) => i % classes);
  const data = Float32Array.from({ length: labels.length * 4 }, (_, i) => {
    const label = labels[Math.floor(i / 4)]!;
    return centers[label]![i % 4]! + random.normal(0, 0.4);
  });
  return { x: { data, shape: [labels.length, 4] }, labels };
}

/** A small network from 4 numbers to embeddings of length 1. */
export function network({ units = 3 }: { units?: number } = {}): { inputs: SymbolicTensor; outputs: SymbolicTensor } {
  const inputs = input({ shape: [4] });
  const hidden = layers.dense({ units: 8, activation: 'tanh' }).apply(inputs);
  return { inputs, outputs: metricEmbedding({ units }).apply(hidden) as SymbolicTensor };
}
