import { checkInteger, SimileError } from '@simile/core/errors';
import type { Items } from '@simile/core/items';
import { unpackGzip } from './unpack-gzip.ts';

/** Options of {@link readIdx}. */
export interface ReadIdxOptions {
  /** Bytes that the unpacked file may have at most; a whole number above 0. Default 2³¹. */
  maxBytes?: number;
}

/** Numbers of an IDX file by type code: bytes each, and how they are read (big-endian) into an array of ours. */
const TYPES: Readonly<Record<number, { name: string; bytes: number; read: (view: DataView) => Items['data'] }>> = {
  0x08: { name: 'uint8', bytes: 1, read: (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength) },
  0x09: {
    name: 'int8',
    bytes: 1,
    read: (view) => Int32Array.from({ length: view.byteLength }, (_, i) => view.getInt8(i)),
  },
  0x0b: {
    name: 'int16',
    bytes: 2,
    read: (view) => Int32Array.from({ length: view.byteLength / 2 }, (_, i) => view.getInt16(i * 2)),
  },
  0x0c: {
    name: 'int32',
    bytes: 4,
    read: (view) => Int32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getInt32(i * 4)),
  },
  0x0d: {
    name: 'float32',
    bytes: 4,
    read: (view) => Float32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(i * 4)),
  },
  0x0e: {
    name: 'float64',
    bytes: 8,
    read: (view) => Float32Array.from({ length: view.byteLength / 8 }, (_, i) => view.getFloat64(i * 8)),
  },
};

/**
 * Reads an IDX file, the format of MNIST: plain, or packed with gzip (known by its first two bytes).
 *
 * uint8 stays uint8 and shares memory with `bytes` where these were not packed; int8, int16 and int32 become int32;
 * float32 and float64 become float32. Nothing in the file is believed: the header must be sound, the length must be
 * the product of the dimensions to the byte, and memory never grows past what the header announces, nor past
 * `maxBytes`, nor past what the packed bytes can hold at all.
 *
 * Cost: O(bytes); a packed file of 47 MB takes about 0.7 s.
 *
 * @throws `ERR_DATA` for anything that is not a whole IDX file, saying what was found; `ERR_OPTION` for `maxBytes`.
 * @see LeCun, Cortes & Burges, “The MNIST database of handwritten digits”, section “File formats”:
 *   https://yann.lecun.com/exdb/mnist
 * @example
 * readIdx(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1])); // { data: Uint8Array [7, 2, 1], shape: [3] }
 */
export function readIdx(bytes: Uint8Array | ArrayBuffer, options: ReadIdxOptions = {}): Items {
  const { maxBytes = 2 ** 31 } = options;
  checkInteger('read-idx', { maxBytes }, 1);
  const given = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const packed = given[0] === 0x1f && given[1] === 0x8b;
  const whole = packed ? unpackGzip(given, (start) => readHeader(start, maxBytes)?.bytes) : given;
  const header = readHeader(whole, maxBytes);
  if (!header)
    throw notIdx('an IDX file must have a header of 4 bytes and 4 more a dimension', `${whole.length} bytes`);
  if (whole.length !== header.bytes) {
    throw notIdx(
      `a file of shape [${header.shape.join(', ')}] in ${header.type.name} must have ${header.bytes} bytes`,
      whole.length,
      whole.length < header.bytes
        ? 'It is cut short: copy or download it again.'
        : 'Something was added to it: copy it again.',
    );
  }
  const from = 4 + 4 * header.shape.length;
  const view = new DataView(whole.buffer, whole.byteOffset + from, whole.byteLength - from);
  return { data: header.type.read(view), shape: header.shape };
}

/** Shape, type and whole length that a header announces; undefined while there are too few bytes to tell. */
function readHeader(bytes: Uint8Array, maxBytes: number) {
  if (bytes.length < 4) return undefined;
  const [zero, alsoZero, code, dimensions] = bytes as unknown as [number, number, number, number];
  if (zero !== 0 || alsoZero !== 0) {
    throw notIdx('an IDX file must begin with two zero bytes', [...bytes.subarray(0, 4)]);
  }
  const type = TYPES[code];
  if (!type) throw notIdx('the type code of an IDX file must be 8, 9, 11, 12, 13 or 14', code);
  if (dimensions === 0 || dimensions > 8) throw notIdx('an IDX file must have 1 to 8 dimensions', dimensions);
  if (bytes.length < 4 + 4 * dimensions) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const length = 4 + 4 * dimensions + shape.reduce((product, size) => product * size, type.bytes);
  if (length > maxBytes) {
    const remedy = 'The header may be damaged; raise maxBytes if the file is that large.';
    throw notIdx(
      `an IDX file must unpack to at most maxBytes = ${maxBytes} bytes`,
      `shape [${shape.join(', ')}]`,
      remedy,
    );
  }
  return { type, shape, bytes: length };
}

function notIdx(
  rule: string,
  got: unknown,
  remedy = 'Check that this is an IDX file, plain or packed with gzip.',
): SimileError {
  return new SimileError({ where: 'read-idx', rule, got, remedy, code: 'ERR_DATA' });
}
