import { SimileError } from '@simile/core/errors';
import { Inflate } from 'fflate';

/** No deflate stream can unpack to more than this times its own length (RFC 1951: 258 bytes a code of 2 bits). */
const MOST_PACKED = 1032;
/** Packed bytes a push: bounds what can come out before it is counted to 4 KiB times {@link MOST_PACKED}. */
const PUSH = 4096;

/**
 * Unpacks a gzip file of one member (RFC 1952) and checks its length and CRC-32. `announce` reads the whole length from
 * the first unpacked bytes (undefined: more are needed) and may throw. Memory is taken only for the announced length,
 * and no byte beyond it is kept.
 *
 * @throws `ERR_DATA`
 */
export function unpackGzip(bytes: Uint8Array, announce: (start: Uint8Array) => number | undefined): Uint8Array {
  const from = headerEnd(bytes);
  const packed = bytes.subarray(from, bytes.length - 8);
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  let start: Uint8Array = new Uint8Array(0); // unpacked bytes before the length is known
  let whole: Uint8Array | undefined;
  let filled = 0;

  const inflate = new Inflate((chunk) => {
    if (!whole) {
      const joined = new Uint8Array(start.length + chunk.length);
      joined.set(start);
      joined.set(chunk, start.length);
      start = chunk = joined;
      const length = announce(start);
      if (length === undefined) return;
      if (length > packed.length * MOST_PACKED) {
        throw notGzip(`${packed.length} packed bytes cannot unpack to the ${length} bytes of the header inside`);
      }
      whole = new Uint8Array(length);
    }
    if (filled + chunk.length > whole.length) {
      throw notGzip(`the header inside announces ${whole.length} bytes, and more come out of the packed bytes`);
    }
    whole.set(chunk, filled);
    filled += chunk.length;
  });
  try {
    for (let at = 0; at === 0 || at < packed.length; at += PUSH) {
      inflate.push(packed.subarray(at, at + PUSH), at + PUSH >= packed.length); // the last push throws if the end is missing
    }
  } catch (cause) {
    if (SimileError.is(cause)) throw cause;
    throw notGzip('packed bytes must be a whole deflate stream', cause);
  }
  const unpacked = whole ? whole.subarray(0, filled) : start;
  if (trailer.getUint32(4, true) !== unpacked.length || trailer.getUint32(0, true) !== crc32(unpacked)) {
    throw notGzip(`the length and CRC-32 at the end must be those of the ${unpacked.length} unpacked bytes`);
  }
  return unpacked;
}

/** Where the deflate stream begins: after 10 bytes and the optional fields that the flags announce. */
function headerEnd(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256; // extra field
  for (const flag of [8, 16]) {
    if (flags & flag) while (at < bytes.length && bytes[at++] !== 0); // name, comment
  }
  if (flags & 2) at += 2; // CRC of the header
  if (bytes[2] !== 8 || flags > 31 || at + 8 > bytes.length) {
    throw notGzip('a gzip file must have a sound header and a trailer of 8 bytes');
  }
  return at;
}

const TABLE: Uint32Array = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function notGzip(rule: string, cause?: unknown): SimileError {
  const remedy = 'The file is damaged or not gzip: copy or download it again.';
  return new SimileError({ where: 'read-idx', rule, remedy, code: 'ERR_DATA', cause });
}
