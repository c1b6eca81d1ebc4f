import { nodeModule } from './platform.ts';

/** `tables[j]![b]`: the remainder of byte `b` followed by `j` zero bytes, so that eight bytes go at once. */
let tables: Uint32Array[] | undefined;

/**
 * CRC-32 of some bytes: the one of ZIP, gzip and PNG (polynomial 0xEDB88320), so that common tools can check our files.
 * Takes Node's own code where there is one, else eight bytes a step. Detects errors; it is no protection against intent.
 *
 * @param bytes What to sum up
 * @param previous CRC-32 of the bytes before these. Default 0: there are none.
 * @see Kounavis & Berry, “Novel Table Lookup-Based Algorithms for High-Performance CRC Generation”, IEEE Trans. Computers 57,
 *   2008, doi:10.1109/TC.2008.85
 * @example
 * crc32(new TextEncoder().encode('123456789')).toString(16); // 'cbf43926'
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  const native = nodeModule<{ crc32?: (data: Uint8Array, value: number) => number }>('node:zlib')?.crc32;
  return native ? native(bytes, previous) : crc32Portable(bytes, previous);
}

/** {@link crc32} without Node. */
export function crc32Portable(bytes: Uint8Array, previous = 0): number {
  tables ??= makeTables();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let crc = ~previous;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      t7[crc & 255]! ^
      t6[(crc >>> 8) & 255]! ^
      t5[(crc >>> 16) & 255]! ^
      t4[crc >>> 24]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) crc = t0[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function makeTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    return remainder;
  });
  const made = [first];
  for (let j = 1; j < 8; j++) {
    const before = made[j - 1]!;
    made.push(before.map((remainder) => first[remainder & 255]! ^ (remainder >>> 8)));
  }
  return made;
}
