import { crc32 } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';

/** Bytes of a journal's head. */
export const HEAD = 64;
/** Bytes before an entry's payload. Entries begin at multiples of it, so no disk can write a part of one frame only. */
export const FRAME = 32;
/** Bytes of the name of a snapshot. */
const GENERATION = 32;
const MAGIC = Uint8Array.of(0x89, 0x53, 0x49, 0x4d, 0x4a, 0x4e, 0x4c, 0x0a); // \x89 SIMJNL \n
const VERSION = 1;
const ENTRY = 0x59544e45;
const TWO_32 = 2 ** 32;

/** What is written before a payload. */
export interface Frame {
  /** Of the payload, in bytes. */
  readonly length: number;
  /** CRC-32 of the payload. */
  readonly checksum: number;
  /** Everything before this place was safe on the disk when the entry was written. */
  readonly durable: number;
}

/** The head of the journal that goes on from a snapshot: magic, version, checksum, the snapshot's name. */
export function writeHead(generation: string): Uint8Array {
  const head = new Uint8Array(HEAD);
  const view = new DataView(head.buffer);
  head.set(MAGIC);
  view.setUint32(8, VERSION, true);
  head.set(nameBytes(generation), 16);
  view.setUint32(12, headChecksum(head), true);
  return head;
}

/** The snapshot that a journal goes on from. @throws `ERR_FILE` */
export function readHead(head: Uint8Array): string {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < HEAD || MAGIC.some((byte, i) => head[i] !== byte)) {
    throw damaged('a journal begins with a head of 64 bytes and \\x89SIMJNL\\n');
  }
  const version = view.getUint32(8, true);
  if (version !== VERSION) {
    const remedy = 'Update Simile to read it.';
    const rule = `journals are known up to version ${VERSION}`;
    throw new SimileError({ where: 'open-index', rule, got: version, remedy, code: 'ERR_FILE' });
  }
  if (view.getUint32(12, true) !== headChecksum(head))
    throw damaged('the checksum of the head of the journal must be right');
  return String.fromCharCode(...head.subarray(16, 16 + GENERATION)).replace(/\0+$/, '');
}

/** The frame of an entry that begins at `at` of the journal of that snapshot. */
export function writeFrame({ length, checksum, durable }: Frame, at: number, generation: string): Uint8Array {
  const frame = new Uint8Array(FRAME);
  const view = new DataView(frame.buffer);
  view.setUint32(0, ENTRY, true);
  view.setUint32(4, checksum, true);
  putWhole(view, 8, length);
  putWhole(view, 16, durable);
  view.setUint32(28, frameChecksum(frame, at, generation), true);
  return frame;
}

/** The frame at `at`; undefined where there is none, or one of another journal or place. */
export function readFrame(frame: Uint8Array, at: number, generation: string): Frame | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, FRAME);
  if (view.getUint32(0, true) !== ENTRY) return undefined;
  if (view.getUint32(28, true) !== frameChecksum(frame, at, generation)) return undefined;
  return { length: wholeAt(view, 8), checksum: view.getUint32(4, true), durable: wholeAt(view, 16) };
}

/** Where the entry after one ends whose payload has that length and begins after its frame at `at`. */
export function entryEnd(at: number, length: number): number {
  return at + FRAME + Math.ceil(length / FRAME) * FRAME;
}

/** An `ERR_FILE` about a journal. */
export function damaged(rule: string, got?: unknown): SimileError {
  const remedy = "Restore the file from a copy, or open it with onDamage: 'cut' to go on with what was written before.";
  return new SimileError({ where: 'open-index', rule, got, remedy, code: 'ERR_FILE' });
}

function headChecksum(head: Uint8Array): number {
  return crc32(head.subarray(16, HEAD), crc32(head.subarray(0, 12)));
}

/** Covers the place too, so that an entry counts nowhere else. */
function frameChecksum(frame: Uint8Array, at: number, generation: string): number {
  const place = new Uint8Array(8);
  putWhole(new DataView(place.buffer), 0, at);
  return crc32(frame.subarray(0, 28), crc32(place, crc32(nameBytes(generation))));
}

function nameBytes(generation: string): Uint8Array {
  const bytes = new Uint8Array(GENERATION);
  new TextEncoder().encodeInto(generation, bytes);
  return bytes;
}

function putWhole(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32), true);
}

const wholeAt = (view: DataView, at: number): number =>
  view.getUint32(at, true) + TWO_32 * view.getUint32(at + 4, true);
