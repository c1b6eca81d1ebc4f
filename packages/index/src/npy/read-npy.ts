import { SimileError } from '@simile/core/errors';
import type { ItemData, Items } from '@simile/core/items';
import { readBytes } from '@simile/core/storage';
import { npyError, readNpyHeader } from './npy-header.ts';
import { NPY_TYPES } from './npy-types.ts';

/**
 * Reads an array that NumPy's `save` wrote: vectors, labels, images. Versions 1 to 3 of the format, both orders of bytes and
 * of numbers. float16, float32 and float64 become float32; bytes and booleans uint8; other whole numbers int32.
 *
 * @param source The bytes of the file, or its path (Node), address or `indexeddb://name`
 * @returns Row-major, with the shape of the array; `[1]` for a single number
 * @throws `ERR_FILE` for what is no such file; `ERR_DTYPE` for texts, objects, complex numbers; `ERR_DATA` for a whole number
 *   that int32 cannot hold
 * @example
 * const file = writeNpy({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }); // or its path
 * const vectors = await readNpy(file);
 * vectors.shape; // [2, 2]
 */
export async function readNpy(source: Uint8Array | string | URL): Promise<Items> {
  const bytes = source instanceof Uint8Array ? source : await readBytes(source);
  const { type, fortranOrder, shape: sizes, end } = readNpyHeader(bytes);
  const found = /^([<>|=])([a-z]\d+)$/.exec(type);
  const read = found && NPY_TYPES[found[2]!];
  if (!read) {
    throw new SimileError({
      where: 'read-npy',
      rule: `the array must be of one of the types ${Object.keys(NPY_TYPES).join(', ')}`,
      got: type,
      remedy: 'Save it with .astype(numpy.float32).',
      code: 'ERR_DTYPE',
    });
  }
  const shape = sizes.length === 0 ? [1] : sizes;
  const count = shape.reduce((product, size) => product * size, 1);
  const length = count * read.bytes;
  if (length !== bytes.length - end)
    throw npyError(`${count} numbers of ${type} must have ${length} bytes`, bytes.length - end);
  const isPlain = type === '<f4' || read.make === SMALL.make;
  const plain = bytes.slice(end); // a buffer of its own, at a place that any number may have
  if (isPlain && !fortranOrder) return { data: type === '<f4' ? new Float32Array(plain.buffer) : plain, shape };
  const view = new DataView(plain.buffer);
  const data = read.make(count);
  const isLittle = found[1] !== '>';
  for (let at = 0; at < count; at++) {
    const value = read.read(view, at * read.bytes, isLittle);
    const to = fortranOrder ? rowMajor(at, shape) : at;
    data[to] = value;
    if (data instanceof Int32Array && data[to] !== value) throw tooLarge(value);
  }
  return { data: data as ItemData, shape };
}

const SMALL = NPY_TYPES.u1!;

/** Where the number at a place of column-major order goes in row-major order. */
function rowMajor(place: number, shape: readonly number[]): number {
  let rest = place;
  let at = 0;
  let step = shape.reduce((product, size) => product * size, 1);
  for (const size of shape) {
    step /= size;
    at += (rest % size) * step;
    rest = Math.floor(rest / size);
  }
  return at;
}

function tooLarge(got: number): SimileError {
  const rule = 'whole numbers must be from -2147483648 to 2147483647';
  const remedy = 'Save them as float32, or number the classes anew.';
  return new SimileError({ where: 'read-npy', rule, got, remedy, code: 'ERR_DATA' });
}
