import { SimileError } from '@simile/core/errors';
import type { DataTest, Id, Label, RecordConditions, RecordFilter } from '../contract.ts';
import { dataPasses } from './data-passes.ts';
import type { RecordStore } from './record-store.ts';

/** Filters kept as bits until the records change. */
const KEPT = 16;
/** Longest text under which a filter is kept. */
const LONGEST_KEY = 1024;

/** Filters as bits, one a slot: what an engine's search takes. Those over labels and data are kept until a change. */
export class FilterBits {
  readonly #kept = new Map<string, Uint32Array>();
  #revision = -1;

  /**
   * O(records) for a function, for labels and for data the first time; O(ids) for ids, with a bit a slot.
   *
   * @throws `ERR_OPTION` for what is no filter; what a function throws
   */
  bits(store: RecordStore, filter: RecordFilter): Uint32Array {
    if (typeof filter === 'function') {
      return bitsOf(store, (slot) => filter(store.record(slot)));
    }
    const { labels, ids, where } = readConditions(filter);
    const parts: Uint32Array[] = [];
    if (labels) parts.push(this.#keep(store, 'labels', labels, () => labelBits(store, labels)));
    if (where) {
      const tests = Object.entries(where);
      const passes = (slot: number): boolean => dataPasses(store.dataOf(slot), tests);
      parts.push(this.#keep(store, 'where', where, () => bitsOf(store, passes)));
    }
    if (ids) parts.push(idBits(store, ids));
    return parts.length === 1 ? parts[0]! : parts.reduce(both);
  }

  #keep(store: RecordStore, kind: string, conditions: unknown, make: () => Uint32Array): Uint32Array {
    if (this.#revision !== store.revision) this.#kept.clear();
    this.#revision = store.revision;
    const key = kind + JSON.stringify(conditions);
    if (key.length > LONGEST_KEY) return make();
    const bits = this.#kept.get(key) ?? make();
    this.#kept.delete(key); // the least recently used comes first
    this.#kept.set(key, bits);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return bits;
  }
}

/** Lists as arrays, at least one condition, nothing unknown. @throws `ERR_OPTION` */
function readConditions(filter: RecordConditions): {
  labels?: readonly (Label | null)[];
  ids?: readonly Id[];
  where?: Readonly<Record<string, DataTest>>;
} {
  const { labels, ids, where, ...rest } = (filter ?? {}) as RecordConditions;
  const isList = (list: unknown): boolean => Array.isArray(list) || ArrayBuffer.isView(list);
  const given = [labels, ids, where].filter((part) => part !== undefined).length;
  const right =
    typeof filter === 'object' &&
    given > 0 &&
    Object.keys(rest).length === 0 &&
    (labels === undefined || isList(labels)) &&
    (ids === undefined || isList(ids)) &&
    (where === undefined || (typeof where === 'object' && where !== null && !isList(where)));
  if (!right) {
    throw new SimileError({
      where: 'index',
      rule: 'filter must be a function, or { labels: [...], ids: [...], where: {...} } with one of these at least',
      got: filter,
      remedy: 'Leave it out to search all records.',
      code: 'ERR_OPTION',
    });
  }
  return {
    ...(labels && { labels: Array.from(labels) }),
    ...(ids && { ids: Array.from(ids) }),
    ...(where && { where }),
  };
}

const empty = (store: RecordStore): Uint32Array => new Uint32Array((store.order.length + 31) >>> 5);

function bitsOf(store: RecordStore, passes: (slot: number) => boolean): Uint32Array {
  const bits = empty(store);
  for (const slot of store.slots()) if (passes(slot)) bits[slot >>> 5]! |= 1 << (slot & 31);
  return bits;
}

function idBits(store: RecordStore, ids: readonly Id[]): Uint32Array {
  const bits = empty(store);
  for (const id of ids) {
    const slot = store.slotOf(id);
    if (slot !== undefined) bits[slot >>> 5]! |= 1 << (slot & 31);
  }
  return bits;
}

/** One pass over the numbers of the labels. */
function labelBits(store: RecordStore, labels: readonly (Label | null)[]): Uint32Array {
  const column = store.labelColumn();
  const wanted = new Uint8Array(column.table.length);
  for (const label of labels) wanted[column.codeOf(label) ?? wanted.length] = 1;
  const { length, live } = store.order;
  const codes = column.codes ?? new Int32Array();
  const bits = empty(store);
  for (let word = 0; word < bits.length; word++) {
    let found = 0;
    const end = Math.min(32, length - word * 32);
    for (let bit = 0; bit < end; bit++) found |= wanted[codes[word * 32 + bit] ?? 0]! << bit;
    bits[word] = found & live[word]!;
  }
  return bits;
}

function both(a: Uint32Array, b: Uint32Array): Uint32Array {
  return a.map((word, i) => word & b[i]!);
}
