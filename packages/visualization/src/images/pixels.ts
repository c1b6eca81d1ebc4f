import { SimileError } from '@simile/core/errors';

/** Bytes of an image, row-major: grey, grey with alpha, RGB or RGBA. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Uint8Array;
}

/** A typed array or list of numbers with a shape: a record's data, items of one, or anything alike. */
export interface ArrayImage {
  /** `[height, width]` or `[height, width, channels]`, channels 1 to 4; a leading 1 for items of one is allowed. */
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** A tensor of tfjs, or anything that hands its values out alike. */
export interface TensorImage {
  readonly shape: readonly number[];
  readonly dtype?: string;
  dataSync(): ArrayLike<number>;
}

/** What can be drawn as an image. */
export type ImageLike = ArrayImage | TensorImage;

/** Whether something has the form of an image's shape and values. */
export function isImageLike(value: unknown): value is ImageLike {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, data, dataSync } = value as { shape?: unknown; data?: unknown; dataSync?: unknown };
  const values = typeof dataSync === 'function' || (typeof data === 'object' && data !== null && 'length' in data);
  return Array.isArray(shape) && values && imageShape(shape) !== undefined;
}

/**
 * Bytes of an image. Bytes and whole numbers (`Uint8Array`, `Int32Array`, …) run from 0 to 255. Floats run from 0 to 1
 * when none is above 1, from −1 to 1 when some of these are below 0, and from 0 to 255 when some are above 1. What lies
 * outside is cut off, what is not a number is 0.
 *
 * @throws `ERR_SHAPE` for what is no image
 */
export function toPixels(where: string, image: ImageLike): Pixels {
  const form = imageShape(image.shape);
  const values = 'dataSync' in image ? image.dataSync() : image.data;
  if (!form || form.height * form.width * form.channels !== values.length) throw notAnImage(where, image.shape, values);
  const { low, high } = rangeOf(values, 'dataSync' in image ? image.dtype : undefined);
  const scale = 255 / (high - low);
  const data = Uint8Array.from({ length: values.length }, (_, i) => {
    const byte = Math.round((values[i]! - low) * scale);
    return Math.max(0, Math.min(255, byte)) || 0;
  });
  return { ...form, data };
}

function rangeOf(values: ArrayLike<number>, dtype: string | undefined): { low: number; high: number } {
  const float = values instanceof Float32Array || values instanceof Float64Array || Array.isArray(values);
  if (!float || dtype === 'int32') return { low: 0, high: 255 };
  let [least, most] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]! || 0);
    most = Math.max(most, values[i]! || 0);
  }
  if (most > 1) return { low: 0, high: 255 };
  return { low: least < 0 ? -1 : 0, high: 1 };
}

function imageShape(shape: readonly unknown[]): Omit<Pixels, 'data'> | undefined {
  if (!shape.every((size): size is number => Number.isSafeInteger(size) && (size as number) > 0)) return undefined;
  const [height, width, channels = 1] = shape;
  if (shape.length === 2 || (shape.length === 3 && channels <= 4)) {
    return { height: height!, width: width!, channels: channels as Pixels['channels'] };
  }
  return (shape.length === 3 || shape.length === 4) && shape[0] === 1 ? imageShape(shape.slice(1)) : undefined;
}

function notAnImage(where: string, shape: readonly number[], values: ArrayLike<number>): SimileError {
  return new SimileError({
    where,
    rule: 'an image must have shape [height, width] or [height, width, 1 to 4 channels] and as many values',
    got: `shape [${shape.join(', ')}] and ${values.length} values`,
    remedy: 'Give one image, such as a slice of a batch.',
    code: 'ERR_SHAPE',
  });
}
