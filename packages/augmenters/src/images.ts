import { SimileError } from '@simile/core/errors';
import { checkItems, type Items } from '@simile/core/items';

/** Size of the images of a batch. */
export interface ImageSize {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Size of images `[n, height, width]` or `[n, height, width, channels]`. @throws `ERR_SHAPE` */
export function imageSize(where: string, x: Items): ImageSize {
  checkItems(where, x);
  const [count, height, width, channels = 1, ...rest] = x.shape;
  if (count === undefined || height === undefined || width === undefined || rest.length > 0) {
    throw new SimileError({
      where,
      rule: 'images must have shape [count, height, width] or [count, height, width, channels]',
      got: x.shape,
      remedy: 'Give images, channels last.',
      code: 'ERR_SHAPE',
    });
  }
  return { count, height, width, channels };
}
