import { section, type Sections } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';

/** JSON of a section. @throws `ERR_FILE` */
export function readJson(file: Sections, name: string): unknown {
  const bytes = section(file, name);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw broken(`section ${name} must be JSON`, undefined, cause);
  }
}

/** The bytes of numbers. */
export function bytesOf(numbers: ArrayBufferView): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** A copy of some bytes in a buffer of their own, so that numbers of any size can be read from it. */
export function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}

/** An `ERR_FILE` about what is in an index file. */
export function broken(rule: string, got?: unknown, cause?: unknown): SimileError {
  const remedy = 'The file was not written by toBytes; write it again.';
  return new SimileError({ where: 'index-from-bytes', rule, got, remedy, code: 'ERR_FILE', cause });
}
