import { checkItems, type Items } from '@simile/core/items';

/**
 * Items as a `.npy` file of version 1, for NumPy's `load`: float32, uint8 or int32, row-major, little-endian.
 *
 * @throws `ERR_SHAPE` when data and shape do not agree
 * @example
 * writeNpy({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }).length; // 144: header 128, numbers 16
 */
export function writeNpy(items: Items): Uint8Array {
  checkItems('write-npy', items);
  const { data, shape } = items;
  const type = data instanceof Float32Array ? '<f4' : data instanceof Uint8Array ? '|u1' : '<i4';
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Magic, version and length are 10 bytes; header and newline end at a multiple of 64.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const file = new Uint8Array(10 + length + data.byteLength).fill(0x20, 10, 10 + length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >>> 8]);
  new TextEncoder().encodeInto(text, file.subarray(10));
  file[10 + length - 1] = 0x0a;
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + length);
  return file;
}
