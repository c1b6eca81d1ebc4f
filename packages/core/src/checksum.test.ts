import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32, crc32Portable } from './checksum.ts';

/** One bit at a time, as the polynomial is written. */
function bitwise(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const odd = ((crc >>> 0) ^ (byte >> bit)) & 1;
      crc = (crc >>> 1) ^ (odd ? 0xedb88320 : 0);
    }
  }
  return ~crc >>> 0;
}

it('gives the check value of the standard', () => {
  const bytes = new TextEncoder().encode('123456789');
  expect(crc32(bytes)).toBe(0xcbf43926);
  expect(crc32Portable(bytes)).toBe(0xcbf43926);
});

it('agrees with the polynomial, bit by bit, in one piece and in two', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
      const expected = bitwise(bytes);
      expect(crc32Portable(bytes)).toBe(expected);
      expect(crc32(bytes)).toBe(expected);
      expect(crc32Portable(bytes.subarray(cut), crc32Portable(bytes.subarray(0, cut)))).toBe(expected);
    }),
    { seed: 1 },
  );
});
