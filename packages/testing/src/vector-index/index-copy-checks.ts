import { expectSame, type IndexCheckBody } from './index-check.ts';
import { clusteredRows, rowOf, searchAndCompare } from './index-model.ts';

const idsOf = (list: Iterable<{ readonly id: unknown }>): unknown[] => Array.from(list, ({ id }) => id);
const floats = (...values: number[]): Float32Array => Float32Array.from(values);

const merging: IndexCheckBody = async ({ make, ...accuracy }) => {
  const ours = async (): Promise<Awaited<ReturnType<typeof make>>> => {
    const index = await make(2);
    await index.add(floats(1, 0, 0, 1), { ids: [0, 'b'], labels: ['x', 'y'] });
    return index;
  };
  const other = await make(2);
  await other.add(floats(1, 1, 2, 5, 3, 1), {
    ids: ['b', 7, 'c'],
    labels: ['p', null, 'r'],
    data: ['d', undefined, undefined],
  });
  const first = await ours();
  if (!first.merge) return;
  const code = await first.merge(other).then(
    () => 'none',
    (error: { code?: string }) => error.code,
  );
  expectSame([code, idsOf(first)], ['ERR_OPTION', [0, 'b']], 'error and ids when an id is in use');
  const [kept, replaced, renamed] = [await ours(), await ours(), await ours()];
  expectSame(await kept.merge!(other, { onConflict: 'keep' }), [7, 'c'], 'ids that came, of keep');
  expectSame(
    [...kept].map(({ id, label }) => [id, label]),
    [
      [0, 'x'],
      ['b', 'y'],
      [7, null],
      ['c', 'r'],
    ],
    'records of keep',
  );
  await replaced.merge!(other, { onConflict: 'replace' });
  expectSame(
    [...replaced].map(({ id, label, data }) => [id, label, data ?? null]),
    [
      [0, 'x', null],
      ['b', 'p', 'd'],
      [7, null, null],
      ['c', 'r', null],
    ],
    'records of replace',
  );
  expectSame(await renamed.merge!(other, { onConflict: 'new-id' }), [8, 7, 'c'], 'ids that came, of new-id');
  const records = [...renamed].map(({ id, label }, i) => ({
    id,
    label,
    vector: [floats(1, 0), floats(0, 1), floats(1, 1), floats(2, 5), floats(3, 1)][i]!,
    data: undefined,
  }));
  await searchAndCompare(renamed, records, floats(1, 1, 2, 0), { k: 5 }, { ...accuracy, recall: 1 });
  expectSame(other.size, 3, 'size of the other index');
};

const roundTrip: IndexCheckBody = async ({ make, copy, dimension }) => {
  if (!copy) return;
  const index = await make();
  const rows = clusteredRows(500, dimension, 8);
  const all = Array.from({ length: 500 }, (_, i) => i);
  await index.add(rows, {
    ids: all.map((i) => (i % 3 === 0 ? `text ${i}` : i)),
    labels: all.map((i) => (i % 4 === 0 ? null : `label ${i % 5}`)),
    data: all.map((i) => (i % 2 === 0 ? { i } : undefined)),
  });
  await index.remove(all.filter((i) => i % 5 === 1));
  const copied = await copy(index);
  try {
    const records = (from: typeof index): unknown => [...from].map(({ id, label, data }) => [id, label, data ?? null]);
    expectSame(records(copied), records(index), 'records of the copy');
    const queries = clusteredRows(20, dimension, 9);
    expectSame(await copied.search(queries, { k: 9 }), await index.search(queries, { k: 9 }), 'answers of the copy');
    expectSame(await copied.add(rowOf(rows, 0, dimension)), await index.add(rowOf(rows, 0, dimension)), 'the next id');
  } finally {
    await copied.close?.();
  }
};

/** What comes from another index, and from bytes. */
export const copyChecks: readonly (readonly [name: string, body: IndexCheckBody])[] = [
  ['merges, and does what was asked for with ids that are in use', merging],
  ['reads what it wrote', roundTrip],
];
