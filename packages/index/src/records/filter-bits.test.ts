import { describe, expect, it } from 'vitest';
import type { RecordFilter } from '../contract.ts';
import { FilterBits } from './filter-bits.ts';
import { RecordStore } from './record-store.ts';

/** 100 records: labels 0 to 6 and none, data of three kinds, every ninth removed. */
function filled(): RecordStore {
  const store = new RecordStore();
  const all = Array.from({ length: 100 }, (_, i) => i);
  const data = all.map((i) =>
    i % 3 === 0 ? { year: 1950 + i, kind: ['cat', 'dog'][i % 2]! } : i % 3 === 1 ? 'text' : undefined,
  );
  store.commit(store.plan('here', 100, undefined, false), {
    labels: all.map((i) => (i % 8 === 7 ? null : i % 8)),
    data,
  });
  store.free(all.filter((i) => i % 9 === 0));
  return store;
}
const slotsIn = (bits: Uint32Array): number[] =>
  Array.from({ length: bits.length * 32 }, (_, slot) => slot).filter((slot) => (bits[slot >>> 5]! >>> (slot & 31)) & 1);

describe('filter bits', () => {
  it('are those that a plain loop over records gives', () => {
    const store = filled();
    const filters = new FilterBits();
    const kept = (test: (i: number) => boolean): number[] =>
      Array.from({ length: 100 }, (_, i) => i).filter((i) => i % 9 !== 0 && test(i));
    const year = (i: number): number | undefined => (i % 3 === 0 ? 1950 + i : undefined);
    const cases: [RecordFilter, (i: number) => boolean][] = [
      [{ labels: [2, 3, 'none of these'] }, (i) => i % 8 === 2 || i % 8 === 3],
      [{ labels: [null] }, (i) => i % 8 === 7],
      [{ labels: Int32Array.of(5) }, (i) => i % 8 === 5],
      [{ labels: [] }, () => false],
      [{ ids: [4, 9, 44, 'x', 1000] }, (i) => i === 4 || i === 44],
      [{ where: { year: { least: 1980, below: 2010 } } }, (i) => year(i)! >= 1980 && year(i)! < 2010],
      [{ where: { year: { above: 1980, most: 2010 } } }, (i) => year(i)! > 1980 && year(i)! <= 2010],
      [{ where: { year: 1953 } }, (i) => year(i) === 1953],
      [{ where: { kind: ['dog', 'cow'] } }, (i) => i % 3 === 0 && i % 2 === 1],
      [{ where: { kind: { above: 'cat' } } }, (i) => i % 3 === 0 && i % 2 === 1],
      [{ where: { kind: { above: 3 } } }, () => false],
      [{ where: { toString: 'x' } }, () => false],
      [{ labels: [3], where: { kind: 'dog' } }, (i) => i % 8 === 3 && i % 3 === 0 && i % 2 === 1],
      [{ labels: [3], ids: [3, 4, 11] }, (i) => i === 3 || i === 11],
      [({ id, data }) => data === 'text' && (id as number) > 50, (i) => i % 3 === 1 && i > 50],
    ];
    for (let round = 0; round < 2; round++) {
      for (const [filter, test] of cases)
        expect(slotsIn(filters.bits(store, filter)), JSON.stringify(filter)).toEqual(kept(test));
    }
  });

  it('are kept until a record changes', () => {
    const store = filled();
    const filters = new FilterBits();
    const first = filters.bits(store, { labels: [1] });
    expect(filters.bits(store, { labels: [1] })).toBe(first);
    store.commit(store.plan('here', 1, undefined, false), { labels: [1], data: undefined });
    expect(slotsIn(filters.bits(store, { labels: [1] }))).toEqual([...slotsIn(first), 99]); // the last freed slot
  });

  it('refuse what is no filter', () => {
    const bits = (filter: unknown) => () => new FilterBits().bits(filled(), filter as RecordFilter);
    expect(bits({})).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: index: filter must be a function, or { labels: [...], ids: [...], where: {...} } with one of these at least, but got an object with no keys. Leave it out to search all records. [ERR_OPTION]]`,
    );
    for (const wrong of [null, 'b', { labels: 3 }, { where: [] }, { ids: [1], label: [2] }])
      expect(bits(wrong)).toThrow('filter must be');
  });
});
