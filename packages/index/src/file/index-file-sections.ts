import { SimileError } from '@simile/core/errors';

/** JSON of a section's bytes. @throws `ERR_FILE` */
export function parseJson(bytes: Uint8Array | undefined, name: string): unknown {
  if (!bytes) throw broken(`there must be a section ${name}`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw broken(`section ${name} must be JSON`, undefined, cause);
  }
}

/** JSON as the bytes of a section. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** The bytes of numbers. */
export function bytesOf(numbers: ArrayBufferView): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** A copy of some bytes in a buffer of their own, so that numbers of any size can be read from it. */
export function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}

/** A kind of typed array. */
export interface Numbers<T> {
  readonly BYTES_PER_ELEMENT: number;
  from(list: Iterable<number>): T;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): T;
}

/** The numbers of a section, `count` of them; a view of it where their size allows that. @throws `ERR_FILE` */
export function numbersOf<T extends ArrayBufferView>(
  bytes: Uint8Array | undefined,
  Type: Numbers<T>,
  name: string,
  count: number,
): T {
  if (!bytes) throw broken(`there must be a section ${name}`);
  const size = Type.BYTES_PER_ELEMENT;
  if (bytes.length !== count * size) throw broken(`${name} must have ${count * size} bytes`, bytes.length);
  return bytes.byteOffset % size === 0
    ? new Type(bytes.buffer, bytes.byteOffset, count)
    : new Type(aligned(bytes), 0, count);
}

/** An `ERR_FILE` about what is in an index file. */
export function broken(rule: string, got?: unknown, cause?: unknown): SimileError {
  const remedy = 'The file was not written by toBytes; write it again.';
  return new SimileError({ where: 'index-from-bytes', rule, got, remedy, code: 'ERR_FILE', cause });
}

/** A whole number of at least `least`. */
export function isWhole(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

/** Runs `work`; what it finds wrong with values is then wrong with the file they came from. */
export async function asFileError<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!SimileError.is(cause) || !VALUE_ERRORS.has(cause.code)) throw cause;
    throw broken(`the records must be those of an index, and are not: ${cause.message}`, undefined, cause);
  }
}

const VALUE_ERRORS: ReadonlySet<string> = new Set(['ERR_OPTION', 'ERR_SHAPE', 'ERR_DTYPE', 'ERR_NAN', 'ERR_DATA']);
