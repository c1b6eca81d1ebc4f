import { SimileError } from '@simile/core/errors';

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59); // \x93 NUMPY
/** Python's literal of the three entries: texts, true or false, a tuple of whole numbers. */
const ENTRY =
  /^\s*(['"])(descr|fortran_order|shape)\1\s*:\s*(?:(['"])([^'"]*)\3|(True|False)|\(([\d\s,]*)\))\s*(?:,|$)/;

/** What the header of a `.npy` file says. */
export interface NpyHeader {
  /** As NumPy writes it: `<f4`. */
  readonly type: string;
  /** Whether the first number of the place changes fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the numbers begin. */
  readonly end: number;
}

/** Reads the header of a `.npy` file of version 1, 2 or 3. @throws `ERR_FILE` */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw npyError(
      'a .npy file begins with \\x93NUMPY',
      undefined,
      'Write it with numpy.save; .npz files are ZIP archives of them.',
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw npyError('the version must be 1, 2 or 3', version);
  const begin = version === 1 ? 10 : 12;
  if (bytes.length < begin) throw npyError('the header must be whole', bytes.length);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > bytes.length - begin) throw npyError(`a header of ${length} bytes must fit into the file`, bytes.length);
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(begin, begin + length));
  const entries = readEntries(text);
  const { descr, fortran_order: fortran, shape } = entries;
  if (typeof descr !== 'string' || typeof fortran !== 'boolean' || !Array.isArray(shape)) {
    throw npyError('the header must say descr, fortran_order and shape', text.trim());
  }
  return { type: descr, fortranOrder: fortran, shape, end: begin + length };
}

function readEntries(text: string): Partial<Record<string, string | boolean | number[]>> {
  const [, inner] = /^\s*\{(.*)\}\s*$/s.exec(text) ?? [];
  const entries: Partial<Record<string, string | boolean | number[]>> = {};
  let rest = inner?.trim() ?? '';
  while (rest !== '') {
    const found = ENTRY.exec(rest);
    if (!found) throw npyError('the header must be of texts, numbers and True or False', text.trim(), STRUCTURED);
    const [whole, , name, , literal, truth, tuple] = found;
    if (literal !== undefined) entries[name!] = literal;
    else if (truth !== undefined) entries[name!] = truth === 'True';
    else entries[name!] = readTuple(tuple!);
    rest = rest.slice(whole.length).trim();
  }
  return entries;
}

function readTuple(text: string): number[] {
  const sizes = text.split(',').map((size) => size.trim());
  if (sizes.at(-1) === '') sizes.pop(); // (3,)
  return sizes.map((size) => {
    const value = Number(size);
    if (size === '' || !Number.isSafeInteger(value)) throw npyError('the shape must be of whole numbers', text);
    return value;
  });
}

const STRUCTURED = 'Records of several fields are not read; save one array of numbers.';

/** An `ERR_FILE` about a `.npy` file. */
export function npyError(
  rule: string,
  got?: unknown,
  remedy = 'The file is damaged or was cut short; write it again.',
): SimileError {
  return new SimileError({ where: 'read-npy', rule, got, remedy, code: 'ERR_FILE' });
}
