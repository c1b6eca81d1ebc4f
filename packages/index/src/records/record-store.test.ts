import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Id, Label, RecordData } from '../contract.ts';
import type { RecordColumns } from './record-columns.ts';
import { RecordStore } from './record-store.ts';

interface Plain {
  id: Id;
  label: Label | null;
  data: RecordData | undefined;
  slot: number;
}

/** What a store must say, from a plain list of records in the order of adding. */
function check(store: RecordStore, records: readonly Plain[]): void {
  expect(store.size).toBe(records.length);
  expect([...store.slots()]).toEqual(records.map(({ slot }) => slot));
  for (const { id, label, data, slot } of records) {
    expect(store.slotOf(id)).toBe(slot);
    expect(store.record(slot)).toEqual(data === undefined ? { id, label } : { id, label, data });
  }
  const places = records.map(({ slot }) => store.orderOf(slot));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(store.slotOf('never')).toBeUndefined();
  expect(store.slotOf(1e9)).toBeUndefined();
}

const columnsOf = (records: readonly Plain[], nextId: number): RecordColumns => ({
  count: records.length,
  nextId,
  slots: records.every(({ slot }, i) => slot === i) ? undefined : Uint32Array.from(records, ({ slot }) => slot),
  id: (at) => records[at]!.id,
  label: (at) => records[at]!.label,
  data: (at) => records[at]!.data,
});

describe('record store', () => {
  it('says what a plain list says, after any changes, and from a file', () => {
    const change = fc.record({
      what: fc.constantFrom('add', 'add', 'ids', 'upsert', 'remove', 'renumber', 'file'),
      count: fc.nat(40),
      at: fc.nat(50),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        let store = new RecordStore();
        let records: Plain[] = [];
        let next = 0;
        let texts = 0;
        for (const { what, count, at } of changes) {
          if (what === 'add' || what === 'ids') {
            // given out, or numbers and texts of one's own
            const own = Array.from({ length: count }, (_, i) => (i % 3 === 0 ? `text ${texts++}` : next + 2 * i + at));
            const plan = store.plan('here', count, what === 'ids' ? own : undefined, false);
            const labels = at % 3 === 0 ? undefined : plan.ids.map((_, i) => (i % 4 === 0 ? null : `label ${i % 5}`));
            const data = at % 2 === 0 ? undefined : plan.ids.map((_, i) => (i % 2 === 0 ? { at } : undefined));
            if (what === 'add') expect(plan.ids[0] ?? next).toBe(next);
            store.commit(plan, { labels, data });
            plan.ids.forEach((id, i) =>
              records.push({ id, label: labels?.[i] ?? null, data: data?.[i], slot: plan.slots[i]! }),
            );
            for (const id of plan.ids) if (typeof id === 'number') next = Math.max(next, id + 1);
          } else if (what === 'upsert') {
            const some = records.filter((_, i) => (i + at) % 3 === 0).slice(0, count);
            const plan = store.plan(
              'here',
              some.length,
              some.map(({ id }) => id),
              true,
            );
            store.commit(plan, {
              labels: some.map(() => 7),
              data: some.map((_, i) => (i % 2 === 0 ? null : undefined)),
            });
            some.forEach((record, i) => Object.assign(record, { label: 7, data: i % 2 === 0 ? null : undefined }));
          } else if (what === 'remove') {
            const gone = records.filter((_, i) => (i + at) % 4 === 0);
            store.free(gone.map(({ slot }) => slot));
            records = records.filter((record) => !gone.includes(record));
          } else if (what === 'renumber') {
            store.renumber();
            records.forEach((record, i) => (record.slot = i));
          } else {
            store = RecordStore.fromColumns(
              columnsOf(
                records.map((record) => ({ ...record })),
                store.nextId,
              ),
            );
          }
          expect(store.nextId).toBe(next);
        }
        check(store, records);
        store.clear();
        check(store, []);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('decodes of a file only what is asked for, until something changes', () => {
    const asked: number[] = [];
    const columns: RecordColumns = {
      count: 3,
      nextId: 30,
      slots: Uint32Array.of(4, 0, 2),
      id: (at) => (asked.push(at), at * 10),
      label: () => 'same',
      data: (at) => ({ at }),
    };
    const store = RecordStore.fromColumns(columns);
    expect(store.record(2)).toEqual({ id: 20, label: 'same', data: { at: 2 } });
    expect([asked, store.order.freeCount, [...store.slots()]]).toEqual([[2], 2, [4, 0, 2]]);
    expect(store.slotOf(10)).toBe(0);
    expect(store.plan('here', 3, undefined, false)).toEqual({ ids: [30, 31, 32], slots: Uint32Array.of(1, 3, 5) });
  });

  it('refuses a file in which an id comes twice, once ids are looked up', () => {
    const columns = { count: 2, nextId: 0, slots: undefined, id: () => 'a', label: () => null, data: () => undefined };
    const store = RecordStore.fromColumns(columns);
    expect(() => store.slotOf('a')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: index-from-bytes: ids must differ, but got 'a'. The file was not written by toBytes; write it again. [ERR_FILE]]`,
    );
  });

  it('takes next to nothing for ids given out and labels', () => {
    const count = 200_000;
    const store = new RecordStore();
    const plan = store.plan('here', count, undefined, false);
    const labels = Array.from({ length: count }, (_, i) => i % 10);
    store.commit(plan, { labels, data: undefined });
    const { codes } = store.labels;
    expect(codes!.byteLength / count).toBeLessThan(6.1); // 4 and room to grow
    expect([store.order.order, store.order.live.byteLength < count / 4]).toEqual([undefined, true]);
    expect([store.slotOf(count - 1), store.slotOf(count)]).toEqual([count - 1, undefined]);
  });
});
