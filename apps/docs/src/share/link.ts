import { crc32 } from '@simile/core/container';
import { deflateSync, strFromU8, strToU8 } from 'fflate';
import { fromBase64Url, toBase64Url } from './base64-url.ts';
import { checkShared, type Shared } from './shared.ts';
import { inflateBounded } from './inflate-bounded.ts';

/** Longest part after `#` that is written or read, in characters. Browsers take more; what carries links often does not. */
const LONGEST = 100_000;
/** Most that a link unfolds to, in bytes. */
const LARGEST = 1_000_000;
const VERSION = 1;
const KEY = 'program=';
/** Bytes of the checksum before the compressed text. */
const CHECKSUM = 4;

/**
 * A program as the part of an address after `#`: `program=1.` and, in base64url, the CRC-32 of what follows and the deflated JSON.
 *
 * @throws an `Error` with a sentence for the reader when the program is too long for a link.
 * @example
 * history.replaceState(null, '', `#${toLink({ page: 'playground', files: { 'main.ts': code }, entry: 'main.ts', options: {} })}`);
 */
export function toLink(shared: Shared): string {
  const text = strToU8(JSON.stringify(checkShared(shared)));
  const data = deflateSync(text, { level: 9 });
  const bytes = new Uint8Array(CHECKSUM + data.length);
  bytes.set(data, CHECKSUM);
  new DataView(bytes.buffer).setUint32(0, crc32(data), true);
  const link = `${KEY}${VERSION}.${toBase64Url(bytes)}`;
  const tooLong = excess(text.length, LARGEST, 'bytes') ?? excess(link.length, LONGEST, 'characters');
  if (tooLong) throw new Error(`This program is too long for a link: ${tooLong}. Send it as a file.`);
  return link;
}

/**
 * The program of a link. Reads only: nothing of it is run.
 *
 * @param hash Part of an address after `#`, with or without it.
 * @returns The program, or undefined where the address is not a link to one.
 * @throws an `Error` with a sentence for the reader when the link is damaged, too long, or of a later version.
 */
export function fromLink(hash: string): Shared | undefined {
  const link = hash.replace(/^#/, '');
  if (!link.startsWith(KEY)) return undefined;
  const tooLong = excess(link.length, LONGEST, 'characters');
  if (tooLong) throw new Error(`This link is too long to be read: ${tooLong}.`);
  const [, version, data] = /^(\d{1,9})\.(.*)$/s.exec(link.slice(KEY.length)) ?? [];
  if (version && Number(version) > VERSION) {
    throw new Error(`This link was made by a later version of this site (format ${version}). Open it there.`);
  }
  if (Number(version) !== VERSION || data === undefined) throw new Error(DAMAGED);
  return sharedOf(data);
}

function excess(length: number, most: number, unit: string): string | undefined {
  if (length <= most) return undefined;
  return `${length.toLocaleString('en')} ${unit}, where ${most.toLocaleString('en')} are the most`;
}

const DAMAGED =
  'This link is damaged: a part of it is missing or was changed. Copy the whole link, or ask for it again.';

function sharedOf(data: string): Shared {
  const bytes = bytesOf(data);
  if (bytes.length < CHECKSUM) throw new Error(DAMAGED);
  const packed = bytes.subarray(CHECKSUM);
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) !== crc32(packed)) throw new Error(DAMAGED);
  // Whole as it was made; but anybody can make one.
  try {
    return checkShared(JSON.parse(strFromU8(inflateBounded(packed, LARGEST))));
  } catch (error) {
    throw new Error('This link holds no program that this site can open.', { cause: error });
  }
}

function bytesOf(data: string): Uint8Array {
  try {
    return fromBase64Url(data);
  } catch {
    throw new Error(DAMAGED);
  }
}
