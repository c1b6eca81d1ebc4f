import { crc32 } from './checksum.ts';
import { SimileError } from './errors.ts';

const WHERE = 'container';
const MAGIC = Uint8Array.of(0x89, 0x53, 0x49, 0x4d, 0x49, 0x4c, 0x45, 0x0a); // \x89 SIMILE \n
const VERSION = 1;
const HEADER = 64;
const ENTRY = 64;
const ALIGNMENT = 16;
const CRC_AT = 28;
const KIND_BYTES = 32;
const NAME_BYTES = 40;

/** Named runs of bytes in one file. */
export interface Sections {
  /** What the file is: `index`. Kebab-case, at most 32 characters. */
  readonly kind: string;
  /** Version of what the kind means; a whole number from 1. */
  readonly version: number;
  /** By name, in order; names of lower-case letters, digits, `-`, `.`, `/`, at most 40 characters. */
  readonly sections: ReadonlyMap<string, Uint8Array>;
}

/**
 * Sections as one file: little-endian, versioned, checksummed, each section at a multiple of 16 bytes. The layout is in
 * docs/formats.md. Cost: one copy and one checksum of every byte.
 *
 * @throws `ERR_OPTION` for a kind, version or name outside the rules of {@link Sections}
 * @example
 * const bytes = packSections({ kind: 'notes', version: 1, sections: new Map([['text', Uint8Array.of(72, 105)]]) });
 * bytes.length; // 130: header 64, table 64, text 2
 */
export function packSections({ kind, version, sections }: Sections): Uint8Array {
  checkName('kind', kind, KIND_BYTES);
  if (!Number.isInteger(version) || version < 1 || version > 0xffffffff) {
    throw optionError('version must be a whole number from 1', version);
  }
  let length = HEADER + ENTRY * sections.size;
  for (const [name, bytes] of sections) {
    checkName('a section name', name, NAME_BYTES);
    length = align(length) + bytes.length;
  }

  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  file.set(MAGIC, 0);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, sections.size, true);
  view.setBigUint64(16, BigInt(length), true);
  view.setUint32(24, version, true);
  writeName(file, 32, kind);
  let entry = HEADER;
  let offset = HEADER + ENTRY * sections.size;
  for (const [name, bytes] of sections) {
    offset = align(offset);
    file.set(bytes, offset);
    view.setBigUint64(entry, BigInt(offset), true);
    view.setBigUint64(entry + 8, BigInt(bytes.length), true);
    view.setUint32(entry + 16, crc32(bytes), true);
    writeName(file, entry + 24, name);
    offset += bytes.length;
    entry += ENTRY;
  }
  view.setUint32(CRC_AT, headerChecksum(file, entry), true);
  return file;
}

/**
 * Reads what {@link packSections} wrote. Trusts nothing: every count, offset and length is held against the bytes there
 * are before it is used, every byte of the file is covered by a checksum or a rule, and nothing is copied. The sections are
 * views of `file`.
 *
 * @param file The whole file
 * @param expected Kind that it must be, and the newest version of the kind that the caller can read
 * @throws `ERR_FILE`, saying what is wrong
 */
export function unpackSections(file: Uint8Array, expected: { kind: string; version: number }): Sections {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < HEADER) throw broken(`a file has at least ${HEADER} bytes`, file.length);
  if (MAGIC.some((byte, i) => file[i] !== byte)) {
    throw fileError('a file begins with \\x89SIMILE\\n', undefined, 'This is not a file of Simile; check the path.');
  }
  if (view.getUint32(8, true) !== VERSION) {
    throw fileError(`the container must have version ${VERSION}`, view.getUint32(8, true), 'Update Simile to read it.');
  }
  const count = view.getUint32(12, true);
  const length = view.getBigUint64(16, true);
  if (length !== BigInt(file.length))
    throw broken(`the file must have ${length} bytes, as its header says`, file.length);
  const tableEnd = HEADER + ENTRY * count;
  if (tableEnd > file.length) throw broken(`a table of ${count} sections needs ${tableEnd} bytes`, file.length);
  if (view.getUint32(CRC_AT, true) !== headerChecksum(file, tableEnd)) {
    throw broken('the checksum of the header must be right');
  }
  const kind = readName(file, 32, KIND_BYTES);
  if (kind !== expected.kind) {
    throw fileError(`the file must be of kind ${expected.kind}`, kind, 'Read it with the function made for its kind.');
  }
  const version = view.getUint32(24, true);
  if (version < 1 || version > expected.version) {
    throw fileError(`${kind} files are known up to version ${expected.version}`, version, 'Update Simile to read it.');
  }

  const sections = new Map<string, Uint8Array>();
  let end = tableEnd;
  for (let entry = HEADER; entry < tableEnd; entry += ENTRY) {
    const name = readName(file, entry + 24, NAME_BYTES);
    if (name === undefined) throw broken('section names must be of lower-case letters, digits, -, . and /');
    if (sections.has(name)) throw broken('section names must differ', name);
    const offset = view.getBigUint64(entry, true);
    const size = view.getBigUint64(entry + 8, true);
    const begin = align(end);
    if (offset !== BigInt(begin)) throw broken(`section ${name} must begin at byte ${begin}`, offset);
    if (size > BigInt(file.length - begin)) {
      throw broken(`section ${name} of ${size} bytes must fit into the ${file.length} of the file`);
    }
    if (view.getUint32(entry + 20, true) !== 0 || file.subarray(end, begin).some((byte) => byte !== 0)) {
      throw broken(`the bytes between sections must be 0 before ${name}`);
    }
    end = begin + Number(size);
    const bytes = file.subarray(begin, end);
    if (crc32(bytes) !== view.getUint32(entry + 16, true)) {
      throw broken(`the checksum of section ${name} must be right`);
    }
    sections.set(name, bytes);
  }
  if (end !== file.length) throw broken(`the file must end after its last section, at byte ${end}`, file.length);
  return { kind, version, sections };
}

/**
 * The section of that name, which must be there.
 *
 * @throws `ERR_FILE` when it is not
 */
export function section(from: Sections, name: string): Uint8Array {
  const bytes = from.sections.get(name);
  if (!bytes) throw broken(`${from.kind} files must have a section ${name}`);
  return bytes;
}

const align = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

/** CRC-32 of header and table, the checksum's own four bytes left out. */
function headerChecksum(file: Uint8Array, end: number): number {
  return crc32(file.subarray(CRC_AT + 4, end), crc32(file.subarray(0, CRC_AT)));
}

const isName = (name: string, most: number): boolean => name.length <= most && /^[a-z0-9][a-z0-9./-]*$/.test(name);

function checkName(what: string, name: string, most: number): void {
  if (isName(name, most)) return;
  throw optionError(`${what} must have 1 to ${most} lower-case letters, digits, -, . and /`, name);
}

function writeName(file: Uint8Array, at: number, name: string): void {
  for (let i = 0; i < name.length; i++) file[at + i] = name.charCodeAt(i);
}

function readName(file: Uint8Array, at: number, most: number): string | undefined {
  const name = String.fromCharCode(...file.subarray(at, at + most)).replace(/\0+$/, '');
  return isName(name, most) ? name : undefined;
}

function optionError(rule: string, got: unknown): SimileError {
  return new SimileError({ where: WHERE, rule, got, remedy: 'Choose another.', code: 'ERR_OPTION' });
}

function fileError(rule: string, got: unknown, remedy: string): SimileError {
  return new SimileError({ where: WHERE, rule, got, remedy, code: 'ERR_FILE' });
}

function broken(rule: string, got?: unknown): SimileError {
  return fileError(rule, got, 'The file is damaged or was cut short; write it again.');
}
