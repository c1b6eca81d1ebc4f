import { SimileError } from '@simile/core/errors';
import type { Id, RecordFilter } from '../contract.ts';
import type { RecordStore } from './record-store.ts';

/**
 * A filter as bits, one a slot: what an engine's search takes. O(records), O(ids) for a list of ids.
 *
 * @throws `ERR_OPTION` for what is no filter
 */
export function allowedSlots(store: RecordStore, filter: RecordFilter): Uint32Array {
  const bits: number[] = [];
  const allow = (slot: number): void => {
    bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
  };
  const { labels, ids } = (filter ?? {}) as { labels?: unknown; ids?: unknown };
  if (typeof filter === 'function') {
    for (const [, slot] of store.entries()) if (filter(store.record(slot))) allow(slot);
  } else if (Array.isArray(labels)) {
    const wanted = new Set<unknown>(labels);
    for (const [, slot] of store.entries()) if (wanted.has(store.labelOf(slot))) allow(slot);
  } else if (Array.isArray(ids)) {
    for (const id of ids) {
      const slot = store.slotOf(id as Id);
      if (slot !== undefined) allow(slot);
    }
  } else {
    throw new SimileError({
      where: 'index',
      rule: 'filter must be a function, { labels: [...] } or { ids: [...] }',
      got: filter,
      remedy: 'Leave it out to search all records.',
      code: 'ERR_OPTION',
    });
  }
  return Uint32Array.from(bits, (word) => word ?? 0);
}
