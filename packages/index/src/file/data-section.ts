import type { SectionSource } from '@simile/core/container';
import { itemSize, type ItemData } from '@simile/core/items';
import type { Json, RecordData } from '../contract.ts';
import { isArrayData } from '../records/read-records.ts';
import { aligned, broken, bytesOf, numbersOf, type Numbers } from './index-file-sections.ts';
import { codesFor } from './labels-section.ts';
import { checkEnds } from './texts-section.ts';
import type { SectionMap } from './values-section.ts';

/** Numbers that data may be of. */
export type TypeName = 'uint8' | 'int32' | 'float32';

const TYPES: Readonly<Record<TypeName, Numbers<ItemData>>> = {
  uint8: Uint8Array,
  int32: Int32Array,
  float32: Float32Array,
};

/** A shape and a type that arrays in the file have. */
export interface ArrayKind {
  readonly shape: readonly number[];
  readonly type: TypeName;
}

/** Codes of a record without data, and of one with JSON; that of an array is 2 and the number of its kind. */
const NONE = 0;
const JSON_TEXT = 1;
const FIRST_KIND = 2;

/**
 * Adds, when any record has data: `data.bytes`, JSON as UTF-8 and the values of arrays, one record after the other;
 * `data.ends`, where each ends; `data.codes`, what each is; `data.kinds`, the kinds of arrays.
 */
export function writeData(
  sections: Map<string, Uint8Array | SectionSource>,
  data: readonly (RecordData | undefined)[],
): void {
  if (data.every((one) => one === undefined)) return;
  const kinds: ArrayKind[] = [];
  const numbers = new Map<string, number>();
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const codes: number[] = [];
  for (const one of data) {
    if (one === undefined) {
      parts.push(new Uint8Array());
      codes.push(NONE);
    } else if (isArrayData(one)) {
      const kind: ArrayKind = { shape: one.shape, type: typeOf(one.data) };
      const key = JSON.stringify(kind);
      const number = numbers.get(key) ?? kinds.push(kind) - 1;
      numbers.set(key, number);
      parts.push(bytesOf(one.data));
      codes.push(FIRST_KIND + number);
    } else {
      parts.push(encoder.encode(JSON.stringify(one)));
      codes.push(JSON_TEXT);
    }
  }
  let length = 0;
  const ends = parts.map((part) => (length += part.length));
  const write = (into: Uint8Array): void => parts.forEach((part, i) => into.set(part, ends[i]! - part.length));
  sections.set('data.bytes', { length, write });
  sections.set('data.ends', bytesOf(endsFor(length).from(ends)));
  sections.set('data.codes', bytesOf(codesFor(FIRST_KIND + kinds.length).from(codes)));
  sections.set('data.kinds', encoder.encode(JSON.stringify(kinds)));
}

/**
 * Reads what {@link writeData} wrote: a function from record to data, which decodes then.
 *
 * @throws `ERR_FILE`; the function too, for what is not JSON
 */
export function readData(sections: SectionMap, count: number): (record: number) => RecordData | undefined {
  const bytes = sections.get('data.bytes');
  if (!bytes) return () => undefined;
  const kinds = parse(sections.get('data.kinds') ?? new Uint8Array(), 'data.kinds');
  if (!Array.isArray(kinds) || !kinds.every(isArrayKind)) throw broken('data must list kinds of arrays', kinds);
  const codes = numbersOf(sections.get('data.codes'), codesFor(FIRST_KIND + kinds.length), 'data.codes', count);
  const ends = numbersOf(sections.get('data.ends'), endsFor(bytes.length), 'data.ends', count);
  checkEnds(ends, bytes.length, 'data');
  const sizes = kinds.map(sizeOf);
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    if (code === JSON_TEXT) continue;
    const size = code === NONE ? 0 : sizes[code - FIRST_KIND];
    if (size === undefined) throw broken('codes of data must be those of its kinds', code);
    const got = ends[i]! - (i === 0 ? 0 : ends[i - 1]!);
    if (got !== size) throw broken(`data of record ${i} must have the ${size} bytes of its kind`, got);
  }
  return (record) => {
    const code = codes[record]!;
    if (code === NONE) return undefined;
    const part = bytes.subarray(record === 0 ? 0 : ends[record - 1]!, ends[record]!);
    if (code === JSON_TEXT) return parse(part, `data of record ${record}`) as Json;
    const { shape, type } = kinds[code - FIRST_KIND]!;
    return { shape, data: new TYPES[type](aligned(part)) };
  };
}

const endsFor = (length: number): Numbers<Uint32Array | Float64Array> =>
  length <= 0xffffffff ? Uint32Array : Float64Array;

const sizeOf = ({ shape, type }: ArrayKind): number => itemSize([1, ...shape]) * TYPES[type].BYTES_PER_ELEMENT;

function parse(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw broken(`${what} must be JSON`, undefined, cause);
  }
}

/** Whether a value is a kind of arrays. */
export function isArrayKind(value: unknown): value is ArrayKind {
  const { shape, type } = (value ?? {}) as { shape?: unknown; type?: unknown };
  const sizes = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  return sizes && typeof type === 'string' && Object.hasOwn(TYPES, type);
}

function typeOf(data: ItemData): TypeName {
  if (data instanceof Uint8Array) return 'uint8';
  return data instanceof Int32Array ? 'int32' : 'float32';
}
