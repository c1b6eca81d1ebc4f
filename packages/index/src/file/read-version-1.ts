import { itemSize } from '@simile/core/items';
import type { Id, Json, Label, RecordData } from '../contract.ts';
import type { RecordColumns } from '../records/record-columns.ts';
import { readRecords } from '../records/read-records.ts';
import { isArrayKind } from './data-section.ts';
import { aligned, broken, numbersOf, parseJson } from './index-file-sections.ts';
import type { SectionMap } from './values-section.ts';

const TYPES = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array } as const;

/** Ids, labels and data of a file of version 1. @throws `ERR_FILE`; `ERR_OPTION` for what is no id, label or data */
export function readVersion1(sections: SectionMap, count: number): Omit<RecordColumns, 'nextId' | 'slots'> {
  const ids = readList(sections, 'ids', count) as Id[];
  const has = sections.has('labels.float64') || sections.has('labels.json');
  const labels = has ? readList(sections, 'labels', count) : undefined;
  const data = readDataLists(sections, count);
  readRecords('index.add', count, { ids, ...(labels && { labels }), ...(data && { data }) }); // checks them
  return { count, id: (i) => ids[i]!, label: (i) => labels?.[i] ?? null, data: (i) => data?.[i] };
}

/** Whole-number or null lists are float64 (NaN for null), others JSON. */
function readList(sections: SectionMap, name: string, count: number): (Label | null)[] {
  const bytes = sections.get(`${name}.float64`);
  if (bytes) {
    const numbers = numbersOf(bytes, Float64Array, name, count);
    return Array.from(numbers, (value) => (Number.isNaN(value) ? null : value));
  }
  const list = parseJson(sections.get(`${name}.json`), `${name}.json`);
  if (!Array.isArray(list) || list.length !== count) throw broken(`${name} must be a list of ${count}`, list);
  return list as (Label | null)[];
}

/** `null` for no data, the number of a kind for an array, `{ json }` for JSON. */
function readDataLists(sections: SectionMap, count: number): (RecordData | undefined)[] | undefined {
  if (!sections.has('data.json')) return undefined;
  const json = parseJson(sections.get('data.json'), 'data.json');
  const { kinds, entries } = (json ?? {}) as { kinds?: unknown; entries?: unknown };
  if (!Array.isArray(kinds) || !kinds.every(isArrayKind)) throw broken('data must list kinds of arrays', kinds);
  if (!Array.isArray(entries) || entries.length !== count) throw broken(`data must have ${count} entries`, entries);
  const arrays = sections.get('data.arrays') ?? new Uint8Array();
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
