import { crc32 } from './checksum.ts';
import {
  broken,
  checkSection,
  headChecksum,
  HEADER,
  headLength,
  planSections,
  readHead,
  writeHead,
  type SectionEntry,
} from './container-head.ts';

export { crc32 } from './checksum.ts';

/** Bytes read, and summed up, at a time. */
const CHUNK = 1 << 23;
/** Reads under way at a time: as many as Node has threads for them. */
const READS = 4;

/** Named runs of bytes in one file. */
export interface Sections {
  /** What the file is: `index`. Kebab-case, at most 32 characters. */
  readonly kind: string;
  /** Version of what the kind means; a whole number from 1. */
  readonly version: number;
  /** By name, in order; names of lower-case letters, digits, `-`, `.`, `/`, at most 40 characters. */
  readonly sections: ReadonlyMap<string, Uint8Array>;
}

/** A section that is made when it is written, so that its bytes need not be held beside the file. */
export interface SectionSource {
  /** In bytes. */
  readonly length: number;
  /** Fills `into`, all zeros and as long as the section. */
  write(into: Uint8Array): void;
}

/** What {@link packSections} and {@link sectionParts} write. */
export interface WritableSections extends Omit<Sections, 'sections'> {
  readonly sections: ReadonlyMap<string, Uint8Array | SectionSource>;
}

/** A file or another place whose bytes can be read in any order. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Fills `into` with the bytes from `at` on. */
  read(at: number, into: Uint8Array): Promise<void>;
  /** The same at once, where the platform can. */
  readonly readNow?: ((at: number, into: Uint8Array) => void) | undefined;
}

/** Sections in a {@link ByteSource}: what {@link openSections} makes. */
export interface StoredSections extends Omit<Sections, 'sections'> {
  /** That of header and table, which hold the checksums of all sections. */
  readonly checksum: number;
  /** Bytes of each section, in order. */
  readonly sizes: ReadonlyMap<string, number>;
  /**
   * The bytes of a section, checked; into `into` when it is given, which must be as long.
   *
   * @throws `ERR_FILE` when there is no such section, or it is damaged
   */
  read(name: string, into?: Uint8Array): Promise<Uint8Array>;
  /** Fills `into` with the bytes of a section from `at` on, at once and unchecked; undefined where the source cannot. */
  readonly readNow: ((name: string, at: number, into: Uint8Array) => void) | undefined;
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
export function packSections({ kind, version, sections }: WritableSections): Uint8Array {
  const { entries, length } = planSections(kind, version, sizesOf(sections));
  const file = new Uint8Array(length);
  const summed = entries.map((entry): SectionEntry => {
    const bytes = file.subarray(entry.begin, entry.begin + entry.size);
    const from = sections.get(entry.name)!;
    if (from instanceof Uint8Array) bytes.set(from);
    else from.write(bytes);
    return { ...entry, checksum: crc32(bytes) };
  });
  file.set(writeHead({ kind, version, entries: summed }, length));
  return file;
}

/**
 * The file of {@link packSections} in parts, one after the other, without a copy of sections that are bytes already: for
 * files that are written to a place of their own.
 *
 * @throws `ERR_OPTION` as {@link packSections}
 * @example
 * const parts = sectionParts({ kind: 'notes', version: 1, sections: new Map([['text', Uint8Array.of(72, 105)]]) });
 * parts.map(({ length }) => length); // [128, 0, 2]: header and table, zeros up to a multiple of 16, text
 */
export function sectionParts({ kind, version, sections }: WritableSections): Uint8Array[] {
  const { entries, length } = planSections(kind, version, sizesOf(sections));
  const parts: Uint8Array[] = [];
  const summed = entries.map((entry): SectionEntry => {
    const bytes = bytesOf(sections.get(entry.name)!);
    parts.push(new Uint8Array(entry.begin - entry.gap), bytes);
    return { ...entry, checksum: crc32(bytes) };
  });
  return [writeHead({ kind, version, entries: summed }, length), ...parts];
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
  const head = file.subarray(0, headLength(file, file.length));
  const { kind, version, entries } = readHead(head, file.length, expected);
  const sections = new Map<string, Uint8Array>();
  for (const entry of entries) {
    const bytes = file.subarray(entry.begin, entry.begin + entry.size);
    checkSection(entry, file.subarray(entry.gap, entry.begin), crc32(bytes));
    sections.set(entry.name, bytes);
  }
  return { kind, version, sections };
}

/**
 * As {@link unpackSections}, for a file that is read where and when it is needed: sections go straight to where they are
 * used, several reads at a time, and are checked as they come. Cost: header and table, then what is asked for.
 *
 * @throws `ERR_FILE`, saying what is wrong; what `source` throws
 */
export async function openSections(
  source: ByteSource,
  expected: { kind: string; version: number },
): Promise<StoredSections> {
  const first = new Uint8Array(Math.min(HEADER, source.size));
  await source.read(0, first);
  const head = new Uint8Array(headLength(first, source.size));
  await source.read(0, head);
  const { kind, version, entries } = readHead(head, source.size, expected);
  const checksum = headChecksum(head);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const { readNow } = source;
  return {
    kind,
    version,
    checksum,
    sizes: new Map(entries.map(({ name, size }) => [name, size])),
    async read(name, into) {
      const entry = byName.get(name);
      if (!entry) throw missing(kind, name);
      const bytes = into ?? new Uint8Array(entry.size);
      if (bytes.length !== entry.size) throw broken(`section ${name} must have ${bytes.length} bytes`, entry.size);
      const gap = new Uint8Array(entry.begin - entry.gap);
      if (gap.length > 0) await source.read(entry.gap, gap);
      checkSection(entry, gap, await readSummed(source, entry.begin, bytes));
      return bytes;
    },
    readNow:
      readNow &&
      ((name, at, into) => {
        const entry = byName.get(name);
        if (!entry || at + into.length > entry.size) throw missing(kind, name);
        readNow(entry.begin + at, into);
      }),
  };
}

/**
 * The section of that name, which must be there.
 *
 * @throws `ERR_FILE` when it is not
 */
export function section(from: Sections, name: string): Uint8Array {
  const bytes = from.sections.get(name);
  if (!bytes) throw missing(from.kind, name);
  return bytes;
}

/** Fills `into` from `at` on and returns its CRC-32, worked out while more is read. */
async function readSummed(source: ByteSource, at: number, into: Uint8Array): Promise<number> {
  const chunks: Uint8Array[] = [];
  for (let begin = 0; begin < into.length; begin += CHUNK) chunks.push(into.subarray(begin, begin + CHUNK));
  const begin = (i: number): Promise<void> => {
    const reading = source.read(at + i * CHUNK, chunks[i]!);
    reading.catch(() => undefined); // told by the await below, which an earlier failure may keep from coming
    return reading;
  };
  const reads = chunks.slice(0, READS).map((_, i) => begin(i));
  let sum = 0;
  for (let i = 0; i < chunks.length; i++) {
    await reads[i];
    if (i + READS < chunks.length) reads.push(begin(i + READS));
    sum = crc32(chunks[i]!, sum);
  }
  return sum;
}

const sizesOf = (sections: WritableSections['sections']): [string, number][] =>
  [...sections].map(([name, { length }]) => [name, length]);

function bytesOf(from: Uint8Array | SectionSource): Uint8Array {
  if (from instanceof Uint8Array) return from;
  const bytes = new Uint8Array(from.length);
  from.write(bytes);
  return bytes;
}

const missing = (kind: string, name: string): Error => broken(`${kind} files must have a section ${name}`);
