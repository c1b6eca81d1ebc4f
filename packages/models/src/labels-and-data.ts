import { SimileError } from '@simile/core/errors';
import type { ItemData, Items } from '@simile/core/items';
import type { Label, RecordData } from '@simile/index';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor } from './embedders/tensor-batches.ts';

/** Labels of a list or a tensor, one for each of `count` items. @throws `ERR_SHAPE` when there are more or fewer */
export async function readLabels<L extends Label | null>(
  where: string,
  labels: Tensor | ArrayLike<L>,
  count: number,
): Promise<L[]> {
  const list = isTensor(labels) ? (Array.from(await labels.data()) as L[]) : Array.from(labels);
  const extra = isTensor(labels) && labels.rank !== 1 && labels.size !== labels.shape[0];
  if (list.length === count && !extra) return list;
  throw new SimileError({
    where,
    rule: `there must be one label for each of the ${count} items`,
    got: isTensor(labels) ? labels.shape : list.length,
    remedy: extra ? 'For one-hot labels, pass labels.argMax(1).' : 'Check that x and labels were cut alike.',
    code: 'ERR_SHAPE',
  });
}

/** Data of the records as the index takes it: a tensor is read, in its own dtype, into items. */
export async function readData(
  data: Tensor | Items | readonly (RecordData | undefined)[],
): Promise<Items | readonly (RecordData | undefined)[]> {
  if (!isTensor(data)) return data;
  const values = await data.data();
  const kind = data.dtype === 'bool' ? Uint8Array : data.dtype === 'int32' ? Int32Array : Float32Array;
  return { data: kind.from(values as ArrayLike<number>) as ItemData, shape: [...data.shape] };
}
