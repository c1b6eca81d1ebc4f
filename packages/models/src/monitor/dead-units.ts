import {
  any,
  dispose,
  logicalNot,
  notEqual,
  reshape,
  sum,
  tidy,
  type DataType,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { tensorBatches } from '../embedders/tensor-batches.ts';
import type { TensorInput } from '../options.ts';
import type { Layer } from '../training/all-layers.ts';

/** How many units of a layer answer 0 to every item. */
export interface DeadUnits {
  readonly layer: string;
  readonly dead: number;
  readonly units: number;
}

/**
 * Counts, in each layer that cuts off below 0 (`relu`, `relu6`, as an activation or a layer of its own), units that are 0 for all
 * items, at every place of an image. Layers of models inside the model are not looked at.
 *
 * @throws `ERR_SHAPE` for items of another shape
 */
export async function deadUnits(where: string, layers: LayersModel, x: TensorInput): Promise<DeadUnits[]> {
  const watched = (layers.layers as Layer[]).filter(cutsOff);
  if (watched.length === 0) return [];
  const [input] = layers.inputs as [SymbolicTensor];
  const outputs = watched.map((layer) => layer.inboundNodes[0]!.outputTensors[0]!);
  const probe = model({ inputs: input, outputs });
  const items = tensorBatches(where, x, input.shape.slice(1), (input.dtype ?? 'float32') as DataType);
  const batch = items.take(0, items.count);
  const counts = tidy(() => {
    const answers = probe.predictOnBatch(batch) as Tensor | Tensor[];
    return (Array.isArray(answers) ? answers : [answers]).map((answer) => {
      const lit = any(notEqual(reshape(answer, [-1, answer.shape.at(-1)!]), 0), 0); // [units]
      return sum(logicalNot(lit));
    });
  });
  const found: DeadUnits[] = [];
  for (const [i, count] of counts.entries()) {
    const [dead = 0] = await count.data();
    found.push({ layer: watched[i]!.name, dead, units: outputs[i]!.shape.at(-1)! });
  }
  dispose([batch, ...counts]);
  items.dispose();
  return found;
}

function cutsOff(layer: Layer): boolean {
  const { activation } = layer.getConfig() as { activation?: unknown };
  return layer.getClassName() === 'ReLU' || activation === 'relu' || activation === 'relu6';
}
