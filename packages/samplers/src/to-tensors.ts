import type { Batch } from '@simile/core';
import type { LabelledItems } from '@simile/core/items';
import { tensor, tensor1d } from '@simile/core/ops';

/** A batch of plain data as tensors, float32 and int32. */
export function toTensors({ x, labels }: LabelledItems): Batch {
  return { x: tensor(x.data, [...x.shape], 'float32'), labels: tensor1d(labels, 'int32') };
}
