import { SimileError } from '@simile/core/errors';
import type { LabelledItems } from '@simile/core/items';
import { readIdx } from './read-idx.ts';

/**
 * Images and labels of two IDX files as labelled items: images `[n, height, width]` of uint8 become
 * `[n, height, width, 1]`, labels `[n]` of uint8 become class ids.
 *
 * @param where Id of the data set, for messages.
 * @throws `ERR_DATA` when the files are not of that form or do not belong together.
 */
export function readImageFiles(where: string, images: Uint8Array, labels: Uint8Array): LabelledItems<Uint8Array> {
  const x = readIdx(images);
  const y = readIdx(labels);
  check(where, 'images', '[n, height, width]', 3, x);
  check(where, 'labels', '[n]', 1, y);
  if (x.shape[0] !== y.shape[0]) {
    throw new SimileError({
      where,
      rule: 'there must be as many labels as images',
      got: `${x.shape[0]} images and ${y.shape[0]} labels`,
      remedy: 'Take both files from one split of one data set.',
      code: 'ERR_DATA',
    });
  }
  return { x: { data: x.data as Uint8Array, shape: [...x.shape, 1] }, labels: Int32Array.from(y.data) };
}

function check(where: string, what: string, form: string, rank: number, items: ReturnType<typeof readIdx>): void {
  if (items.shape.length === rank && items.data instanceof Uint8Array) return;
  throw new SimileError({
    where,
    rule: `the file of ${what} must hold uint8 of shape ${form}`,
    got: `${items.data.constructor.name} of shape [${items.shape.join(', ')}]`,
    remedy: 'Check which file is which: images are named idx3, labels idx1.',
    code: 'ERR_DATA',
  });
}
