import type { Sections } from '@simile/core/container';
import { itemSize, type ItemData } from '@simile/core/items';
import type { Json, RecordData } from '../contract.ts';
import { aligned, broken, bytesOf, readJson } from './index-file-sections.ts';
import { isArrayData } from '../records/read-records.ts';

const TYPES = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array } as const;
type TypeName = keyof typeof TYPES;

/** A shape and a type that arrays in the file have. */
interface Kind {
  readonly shape: readonly number[];
  readonly type: TypeName;
}

/** `null` for no data, the number of a kind for an array, `{ json }` for JSON. */
type Entry = null | number | { readonly json: Json };

/** Adds `data.json` and `data.arrays`, when any record has data. Arrays follow each other, in the order of the records. */
export function writeDataSections(sections: Map<string, Uint8Array>, data: readonly (RecordData | undefined)[]): void {
  if (data.every((one) => one === undefined)) return;
  const kinds: Kind[] = [];
  const numbers = new Map<string, number>();
  const arrays: ItemData[] = [];
  const entries = data.map((one): Entry => {
    if (one === undefined) return null;
    if (!isArrayData(one)) return { json: one };
    arrays.push(one.data);
    const kind: Kind = { shape: one.shape, type: typeOf(one.data) };
    const key = JSON.stringify(kind);
    const number = numbers.get(key) ?? kinds.push(kind) - 1;
    numbers.set(key, number);
    return number;
  });
  const bytes = new Uint8Array(arrays.reduce((sum, array) => sum + array.byteLength, 0));
  let at = 0;
  for (const array of arrays) {
    bytes.set(bytesOf(array), at);
    at += array.byteLength;
  }
  sections.set('data.json', new TextEncoder().encode(JSON.stringify({ kinds, entries })));
  if (arrays.length > 0) sections.set('data.arrays', bytes);
}

/** Reads what {@link writeDataSections} wrote. @throws `ERR_FILE` */
export function readDataSections(file: Sections, count: number): (RecordData | undefined)[] {
  if (!file.sections.has('data.json')) return Array.from({ length: count }, () => undefined);
  const { kinds, entries } = (readJson(file, 'data.json') ?? {}) as { kinds?: unknown; entries?: unknown };
  if (!Array.isArray(kinds) || !kinds.every(isKind)) throw broken('data must list kinds of arrays', kinds);
  if (!Array.isArray(entries) || entries.length !== count) throw broken(`data must have ${count} entries`, entries);
  const arrays = file.sections.get('data.arrays') ?? new Uint8Array();
  let at = 0;
  const data = entries.map((entry): RecordData | undefined => {
    if (entry === null) return undefined;
    if (typeof entry === 'object' && 'json' in entry) return (entry as { json: Json }).json;
    const kind = typeof entry === 'number' ? kinds[entry] : undefined;
    if (!kind) throw broken('an entry of data must be null, a kind or { json }', entry);
    const Type = TYPES[kind.type];
    const size = itemSize([1, ...kind.shape]) * Type.BYTES_PER_ELEMENT;
    if (size > arrays.length - at) throw broken('the arrays of data must all be there', arrays.length);
    at += size;
    return { shape: kind.shape, data: new Type(aligned(arrays.subarray(at - size, at))) };
  });
  if (at !== arrays.length) throw broken(`data.arrays must have ${at} bytes`, arrays.length);
  return data;
}

function isKind(value: unknown): value is Kind {
  const { shape, type } = (value ?? {}) as { shape?: unknown; type?: unknown };
  const sizes = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  return sizes && typeof type === 'string' && Object.hasOwn(TYPES, type);
}

function typeOf(data: ItemData): TypeName {
  if (data instanceof Uint8Array) return 'uint8';
  return data instanceof Int32Array ? 'int32' : 'float32';
}
