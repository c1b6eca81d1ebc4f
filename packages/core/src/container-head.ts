import { crc32 } from './checksum.ts';
import { SimileError } from './errors.ts';

const WHERE = 'container';
const MAGIC = Uint8Array.of(0x89, 0x53, 0x49, 0x4d, 0x49, 0x4c, 0x45, 0x0a); // \x89 SIMILE \n
const VERSION = 1;
const ENTRY = 64;
const ALIGNMENT = 16;
const CRC_AT = 28;
const KIND_BYTES = 32;
const NAME_BYTES = 40;

/** Bytes of a container's header. */
export const HEADER = 64;

/** Where a section is. */
export interface SectionEntry {
  readonly name: string;
  /** Where the zeros before it begin. */
  readonly gap: number;
  readonly begin: number;
  readonly size: number;
  readonly checksum: number;
}

/** Header and table of a container. */
export interface ContainerHead {
  readonly kind: string;
  readonly version: number;
  readonly entries: readonly SectionEntry[];
}

/** Where each section goes, and how long the file is. @throws `ERR_OPTION` for a kind, version or name outside the rules */
export function planSections(
  kind: string,
  version: number,
  sizes: Iterable<readonly [string, number]>,
): { entries: SectionEntry[]; length: number } {
  checkName('kind', kind, KIND_BYTES);
  if (!Number.isInteger(version) || version < 1 || version > 0xffffffff) {
    throw optionError('version must be a whole number from 1', version);
  }
  const list = [...sizes];
  let end = HEADER + ENTRY * list.length;
  const entries = list.map(([name, size]) => {
    checkName('a section name', name, NAME_BYTES);
    const gap = end;
    const begin = align(gap);
    end = begin + size;
    return { name, gap, begin, size, checksum: 0 };
  });
  return { entries, length: end };
}

/** Header and table as bytes. */
export function writeHead({ kind, version, entries }: ContainerHead, length: number): Uint8Array {
  const head = new Uint8Array(HEADER + ENTRY * entries.length);
  const view = new DataView(head.buffer);
  head.set(MAGIC, 0);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, entries.length, true);
  view.setBigUint64(16, BigInt(length), true);
  view.setUint32(24, version, true);
  writeName(head, 32, kind);
  entries.forEach(({ name, begin, size, checksum }, i) => {
    const at = HEADER + ENTRY * i;
    view.setBigUint64(at, BigInt(begin), true);
    view.setBigUint64(at + 8, BigInt(size), true);
    view.setUint32(at + 16, checksum, true);
    writeName(head, at + 24, name);
  });
  view.setUint32(CRC_AT, headChecksum(head), true);
  return head;
}

/** Bytes of header and table, from the first {@link HEADER} bytes of a file of some length. @throws `ERR_FILE` */
export function headLength(first: Uint8Array, length: number): number {
  if (length < HEADER) throw broken(`a file has at least ${HEADER} bytes`, length);
  const view = new DataView(first.buffer, first.byteOffset, HEADER);
  if (MAGIC.some((byte, i) => first[i] !== byte)) {
    throw fileError('a file begins with \\x89SIMILE\\n', undefined, 'This is not a file of Simile; check the path.');
  }
  if (view.getUint32(8, true) !== VERSION) {
    throw fileError(`the container must have version ${VERSION}`, view.getUint32(8, true), 'Update Simile to read it.');
  }
  const said = view.getBigUint64(16, true);
  if (said !== BigInt(length)) throw broken(`the file must have ${said} bytes, as its header says`, length);
  const count = view.getUint32(12, true);
  const end = HEADER + ENTRY * count;
  if (end > length) throw broken(`a table of ${count} sections needs ${end} bytes`, length);
  return end;
}

/** Reads and checks header and table, of {@link headLength} bytes. @throws `ERR_FILE` */
export function readHead(
  head: Uint8Array,
  length: number,
  expected: { readonly kind: string; readonly version: number },
): ContainerHead {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(CRC_AT, true) !== headChecksum(head)) throw broken('the checksum of the header must be right');
  const kind = readName(head, 32, KIND_BYTES);
  if (kind !== expected.kind) {
    throw fileError(`the file must be of kind ${expected.kind}`, kind, 'Read it with the function made for its kind.');
  }
  const version = view.getUint32(24, true);
  if (version < 1 || version > expected.version) {
    throw fileError(`${kind} files are known up to version ${expected.version}`, version, 'Update Simile to read it.');
  }
  const names = new Set<string>();
  const entries: SectionEntry[] = [];
  let gap = head.length;
  for (let at = HEADER; at < head.length; at += ENTRY) {
    const name = readName(head, at + 24, NAME_BYTES);
    if (name === undefined) throw broken('section names must be of lower-case letters, digits, -, . and /');
    if (names.has(name)) throw broken('section names must differ', name);
    names.add(name);
    const offset = view.getBigUint64(at, true);
    const size = view.getBigUint64(at + 8, true);
    const begin = align(gap);
    if (offset !== BigInt(begin)) throw broken(`section ${name} must begin at byte ${begin}`, offset);
    if (size > BigInt(Math.max(0, length - begin))) {
      throw broken(`section ${name} of ${size} bytes must fit into the ${length} of the file`);
    }
    if (view.getUint32(at + 20, true) !== 0) throw notZero(name);
    entries.push({ name, gap, begin, size: Number(size), checksum: view.getUint32(at + 16, true) });
    gap = begin + Number(size);
  }
  if (gap !== length) throw broken(`the file must end after its last section, at byte ${gap}`, length);
  return { kind, version, entries };
}

/** Checks the bytes of a section, given whole or summed up, and the zeros before it. @throws `ERR_FILE` */
export function checkSection({ name, checksum }: SectionEntry, gap: Uint8Array, sum: number): void {
  if (gap.some((byte) => byte !== 0)) throw notZero(name);
  if (sum !== checksum) throw broken(`the checksum of section ${name} must be right`);
}

const align = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

/** CRC-32 of header and table, the checksum's own four bytes left out. */
export function headChecksum(head: Uint8Array): number {
  return crc32(head.subarray(CRC_AT + 4), crc32(head.subarray(0, CRC_AT)));
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

function notZero(name: string): SimileError {
  return broken(`the bytes between sections must be 0 before ${name}`);
}

/** An `ERR_FILE` about a file that is not whole. */
export function broken(rule: string, got?: unknown): SimileError {
  return fileError(rule, got, 'The file is damaged or was cut short; write it again.');
}
