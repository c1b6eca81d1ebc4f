import { SimileError } from './errors.ts';

/** Numbers that items are made of. */
export type ItemData = Float32Array | Uint8Array | Int32Array;

/**
 * `n` items of one shape in one typed array, row-major: what data sets, samplers, augmenters and models pass to each
 * other. Plain data, so it can be posted to a worker as it is.
 */
export interface Items<T extends ItemData = ItemData> {
  /** `shape[0]` items after each other. */
  readonly data: T;
  /** `[n, ...shape of one item]`: `[60000, 28, 28, 1]` for MNIST. */
  readonly shape: readonly number[];
}

/** Items with a class id each. */
export interface LabelledItems<T extends ItemData = ItemData> {
  readonly x: Items<T>;
  /** `[n]`, class ids. */
  readonly labels: Int32Array;
  /** Name of class `i` at position `i`, where the classes have names. */
  readonly classNames?: readonly string[];
}

/** Values of one item: the product of `shape` without its first number. */
export function itemSize(shape: readonly number[]): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

/** Checks that data and shape agree. @throws `ERR_SHAPE` */
export function checkItems(where: string, items: Items): void {
  const [count = 0] = items.shape;
  if (items.shape.length === 0 || !items.shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw new SimileError({
      where,
      rule: 'the shape of items must be whole numbers, 0 or more, the first their count',
      got: items.shape,
      remedy: 'Give the shape as [count, ...shape of one item].',
      code: 'ERR_SHAPE',
    });
  }
  if (items.data.length !== count * itemSize(items.shape)) {
    throw new SimileError({
      where,
      rule: `items of shape [${items.shape.join(', ')}] must have ${count * itemSize(items.shape)} values`,
      got: items.data.length,
      remedy: 'Give the shape as [count, ...shape of one item], row-major.',
      code: 'ERR_SHAPE',
    });
  }
}

/** The items at `rows`, in that order, copied. @throws `ERR_SHAPE` for a row outside. */
export function takeItems<T extends ItemData>(items: Items<T>, rows: ArrayLike<number>): Items<T> {
  const [count = 0, ...item] = items.shape;
  const size = itemSize(items.shape);
  const data = new (items.data.constructor as new (length: number) => T)(rows.length * size);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!Number.isInteger(row) || row < 0 || row >= count) {
      throw new SimileError({
        where: 'take-items',
        rule: `rows must be from 0 to ${count - 1}`,
        got: row,
        remedy: 'Check the list of rows.',
        code: 'ERR_SHAPE',
      });
    }
    data.set(items.data.subarray(row * size, (row + 1) * size), i * size);
  }
  return { data, shape: [rows.length, ...item] };
}

/** A view (no copy) of the items from `begin` to `end` (not included). */
export function sliceItems<T extends ItemData>(items: Items<T>, begin: number, end: number): Items<T> {
  const size = itemSize(items.shape);
  const data = items.data.subarray(begin * size, end * size) as T;
  return { data, shape: [data.length / (size || 1), ...items.shape.slice(1)] };
}

/**
 * Turns images over in place: `'horizontal'` swaps left and right, `'vertical'` top and bottom. Items of shape
 * `[height, width]` or `[height, width, channels]`.
 *
 * @throws `ERR_SHAPE` for items that are not images.
 */
export function flipItems(items: Items, axis: 'horizontal' | 'vertical'): void {
  checkItems('flip-items', items);
  const [count, height, width, channels = 1, ...rest] = items.shape;
  if (count === undefined || height === undefined || width === undefined || rest.length > 0) {
    throw new SimileError({
      where: 'flip-items',
      rule: 'images must have shape [count, height, width] or [count, height, width, channels]',
      got: items.shape,
      remedy: 'Flip images only.',
      code: 'ERR_SHAPE',
    });
  }
  // Blocks that change places: whole rows of pixels, or pixels within a row.
  const [groups, blocks, size] =
    axis === 'vertical' ? [count, height, width * channels] : [count * height, width, channels];
  const { data } = items;
  for (let group = 0; group < groups; group++) {
    let near = group * blocks * size;
    let far = near + (blocks - 1) * size;
    for (; near < far; near += size, far -= size) {
      for (let i = 0; i < size; i++) {
        const kept = data[near + i]!;
        data[near + i] = data[far + i]!;
        data[far + i] = kept;
      }
    }
  }
}
