import { checkItems, itemSize, type Items } from '@simile/core/items';
import { SimileError } from '@simile/core/errors';
import type { AddOptions, ArrayData, Id, Label, RecordData } from '../contract.ts';

/** What records carry, checked: one entry a record. */
export interface RecordParts {
  /** Undefined for ids to be given out. */
  readonly ids: readonly Id[] | undefined;
  /** Undefined for none. */
  readonly labels: ArrayLike<Label | null> | undefined;
  /** Undefined for none. */
  readonly data: readonly (RecordData | undefined)[] | undefined;
}

/**
 * Checks ids, labels and data of `count` records.
 *
 * @throws `ERR_SHAPE` for lists of another length; `ERR_OPTION` for an id, a label or data of a kind that is not allowed, or an
 *   id given twice
 */
export function readRecords(where: string, count: number, { ids, labels, data }: AddOptions): RecordParts {
  if (data && isItems(data)) checkItems(where, data);
  const lengths = {
    ids: ids?.length,
    labels: labels?.length,
    data: data && (isItems(data) ? data.shape[0] : data.length),
  };
  for (const [name, length] of Object.entries(lengths)) {
    if (length === undefined || length === count) continue;
    const rule = `${name} must have ${count} entries, one a vector`;
    throw new SimileError({ where, rule, got: length, remedy: 'Give one entry for each vector.', code: 'ERR_SHAPE' });
  }
  return {
    ids: ids && readIds(where, ids),
    labels: labels && readLabels(where, labels),
    data: data && Array.from({ length: count }, (_, i) => readData(where, dataAt(data, i))),
  };
}

/** Checks that each is an id, and none comes twice. @throws `ERR_OPTION` */
export function readIds(where: string, ids: ArrayLike<Id>): Id[] {
  let last = -Infinity;
  let ascending = true; // whole numbers in ascending order differ: no need to remember them
  const list = Array.from(ids, (id) => {
    if (typeof id === 'string') return id;
    if (!Number.isSafeInteger(id)) throw optionError(where, 'ids must be whole numbers or texts', id);
    ascending &&= id > last;
    last = id;
    return id + 0; // −0 is 0
  });
  if (ascending && list.every((id) => typeof id === 'number')) return list;
  const seen = new Set<Id>();
  for (const id of list) {
    if (seen.has(id)) throw optionError(where, 'ids must differ', id);
    seen.add(id);
  }
  return list;
}

/** @throws `ERR_OPTION` */
export function checkIdsGiven(ids: ArrayLike<Id> | undefined): void {
  if (ids) return;
  const remedy = 'Give one id a vector, or use add.';
  throw new SimileError({ where: 'index.upsert', rule: 'ids must be given', got: 'none', remedy, code: 'ERR_OPTION' });
}

function readLabels(where: string, labels: ArrayLike<Label | null>): ArrayLike<Label | null> {
  return Array.from(labels, (label) => {
    const checked = label ?? null;
    if (checked === null || typeof checked === 'string' || Number.isFinite(checked)) return checked;
    throw optionError(where, 'labels must be finite numbers, texts or null', label);
  });
}

const isItems = (data: NonNullable<AddOptions['data']>): data is Items => !Array.isArray(data) && 'shape' in data;

function dataAt(data: NonNullable<AddOptions['data']>, i: number): RecordData | undefined {
  if (!isItems(data)) return data[i];
  const size = itemSize(data.shape);
  return { shape: data.shape.slice(1), data: data.data.subarray(i * size, (i + 1) * size) };
}

/** Arrays are copied, so that a record does not change with, or keep alive, what it was taken from. */
function readData(where: string, data: RecordData | undefined): RecordData | undefined {
  if (data === undefined) return undefined;
  if (isArrayData(data)) {
    const values = data.data;
    const typed = values instanceof Uint8Array || values instanceof Float32Array || values instanceof Int32Array;
    if (typed && values.length === itemSize([1, ...data.shape]))
      return { shape: [...data.shape], data: values.slice() };
    throw optionError(
      where,
      'an array as data must have { shape, data } of one size, uint8, int32 or float32',
      values.length,
    );
  }
  const wrong = notJson(data, 0);
  if (wrong) throw optionError(where, 'data must be JSON or { shape, data }', wrong.value);
  return data;
}

/** Whether data is an array with its shape. */
export function isArrayData(data: RecordData): data is ArrayData {
  return typeof data === 'object' && data !== null && 'data' in data && ArrayBuffer.isView(data.data);
}

/** The first part that JSON cannot hold, if any. */
function notJson(value: unknown, depth: number): { value: unknown } | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { value };
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (typeof value !== 'object' || !plain || depth > 100) return { value };
  for (const part of Object.values(value)) {
    const wrong = notJson(part, depth + 1);
    if (wrong) return wrong;
  }
  return undefined;
}

function optionError(where: string, rule: string, got: unknown): SimileError {
  return new SimileError({ where, rule, got, remedy: 'Change it, or leave it out.', code: 'ERR_OPTION' });
}

/** An `ERR_OPTION` for an id that a record has already. */
export function idInUse(where: string, got: Id): SimileError {
  const upsert = 'Use upsert to replace records, or leave ids out.';
  const remedy = where === 'index.merge' ? 'Say what to do as onConflict.' : upsert;
  return new SimileError({ where, rule: 'ids must not be in use', got, remedy, code: 'ERR_OPTION' });
}
