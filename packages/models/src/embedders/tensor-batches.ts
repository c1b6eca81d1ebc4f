import { SimileError } from '@simile/core/errors';
import { checkItems, sliceItems, type Items } from '@simile/core/items';
import {
  cast,
  clone,
  reshape,
  slice,
  tensor,
  tidy,
  type DataType,
  type Tensor,
  type TypedArray,
} from '@tensorflow/tfjs-core';
import type { TensorInput } from '../options.ts';
import { checkSome } from './check-vectors.ts';

/** Items of any accepted form, to be taken in batches as tensors. */
export interface TensorBatches {
  readonly count: number;
  /** A new tensor of the items from `begin` to `end`; the caller disposes of it. */
  take(begin: number, end: number): Tensor;
  /** Frees what was made to hold them. */
  dispose(): void;
}

export const isTensor = (x: unknown): x is Tensor =>
  typeof (x as Tensor | null)?.dataSync === 'function' && Array.isArray((x as Tensor).shape);

export const isItems = (x: unknown): x is Items =>
  ArrayBuffer.isView((x as Items | null)?.data) && Array.isArray((x as Items).shape);

/**
 * @param itemShape Shape of one item; null where any size will do, undefined when nothing is known
 * @throws `ERR_SHAPE` when items have another shape, `ERR_DATA` when there are none
 */
export function tensorBatches(
  where: string,
  x: TensorInput,
  itemShape: readonly (number | null)[] | undefined,
  dtype: DataType = 'float32',
): TensorBatches {
  if (isItems(x)) {
    checkItems(where, x);
    checkShape(where, x.shape, itemShape);
    return {
      count: x.shape[0]!,
      take: (begin, end) => {
        const { data, shape } = sliceItems(x, begin, end);
        return tensor(data as TypedArray, [...shape], dtype);
      },
      dispose: () => undefined,
    };
  }
  const made = isTensor(x) ? undefined : tensor(x, undefined, dtype);
  const all = made ?? (x as Tensor);
  try {
    const one = itemShape !== undefined && all.rank === itemShape.length; // a single item without its row
    const shape = one ? [1, ...all.shape] : all.shape;
    checkShape(where, shape, itemShape);
    return {
      count: shape[0]!,
      take: (begin, end) =>
        tidy(() => {
          const rows = one ? reshape(all, shape) : slice(all, begin, end - begin);
          return clone(cast(rows, dtype));
        }),
      dispose: () => made?.dispose(),
    };
  } catch (error) {
    made?.dispose();
    throw error;
  }
}

/** `[n, ...itemShape]`, n at least 1. @throws `ERR_SHAPE`, `ERR_DATA` */
export function checkShape(
  where: string,
  shape: readonly number[],
  itemShape: readonly (number | null)[] | undefined,
): void {
  const fits =
    itemShape === undefined
      ? shape.length > 0
      : shape.length === itemShape.length + 1 &&
        itemShape.every((size, i) => size === null || size < 0 || size === shape[i + 1]);
  if (fits) return checkSome(where, shape[0]!);
  const wanted = itemShape ? ['n', ...itemShape.map((size) => size ?? 'any')].join(', ') : 'n, …';
  throw new SimileError({
    where,
    rule: `x must have shape [${wanted}], as the inputs of the model say`,
    got: shape,
    remedy: 'Reshape or resize the items.',
    code: 'ERR_SHAPE',
  });
}
