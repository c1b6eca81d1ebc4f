import type { ItemData } from '@simile/core/items';

/** How numbers of a type are read, and what they become. */
export interface NpyType {
  readonly bytes: number;
  /** Made for `count` numbers. */
  readonly make: (count: number) => ItemData;
  read(view: DataView, at: number, little: boolean): number;
}

const floats = (count: number): Float32Array => new Float32Array(count);
const whole = (count: number): Int32Array => new Int32Array(count);
const small = (count: number): Uint8Array => new Uint8Array(count);

/** By NumPy's letter and size. */
export const NPY_TYPES: Readonly<Record<string, NpyType>> = {
  f2: { bytes: 2, make: floats, read: (view, at, little) => fromHalf(view.getUint16(at, little)) },
  f4: { bytes: 4, make: floats, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, make: floats, read: (view, at, little) => view.getFloat64(at, little) },
  b1: { bytes: 1, make: small, read: (view, at) => view.getUint8(at) },
  u1: { bytes: 1, make: small, read: (view, at) => view.getUint8(at) },
  u2: { bytes: 2, make: whole, read: (view, at, little) => view.getUint16(at, little) },
  u4: { bytes: 4, make: whole, read: (view, at, little) => view.getUint32(at, little) },
  u8: { bytes: 8, make: whole, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  i1: { bytes: 1, make: whole, read: (view, at) => view.getInt8(at) },
  i2: { bytes: 2, make: whole, read: (view, at, little) => view.getInt16(at, little) },
  i4: { bytes: 4, make: whole, read: (view, at, little) => view.getInt32(at, little) },
  i8: { bytes: 8, make: whole, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
};

/** The number that 16 bits of IEEE 754 are. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
