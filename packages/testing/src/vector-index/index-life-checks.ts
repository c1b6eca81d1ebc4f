import { CheckFailure } from '../check.ts';
import { expectSame, type IndexCheckBody } from './index-check.ts';
import { clusteredRows, plainRecords, rowOf, searchAndCompare } from './index-model.ts';

const floats = (...values: number[]): Float32Array => Float32Array.from(values);
const idsOf = (list: readonly { id: unknown }[] | undefined): unknown[] => (list ?? []).map(({ id }) => id);

const fewRecords: IndexCheckBody = async ({ make, ...accuracy }) => {
  const index = await make(4);
  expectSame(
    [index.size, [...index], await index.remove(3), index.get(0), index.has('x')],
    [0, [], 0, undefined, false],
    'an empty index',
  );
  const row = floats(1, -2, 3, 0.5);
  await index.add(row, { ids: ['only'], labels: [5], data: [{ page: 3 }] });
  const records = [{ id: 'only', label: 5, vector: row, data: undefined }];
  await searchAndCompare(index, records, floats(2, 1, 0, 1, 1, -2, 3, 0.5), { k: 9 }, { ...accuracy, recall: 1 });
  const { id, label, data, vector } = index.get('only')!;
  expectSame([id, label, data, vector.length], ['only', 5, { page: 3 }, 4], 'the record');
  expectSame(await index.remove('only'), 1, 'records removed');
  expectSame(index.size, 0, 'size after the last record went');
  await index.add(row);
  expectSame((await index.search(row, { k: 2 }))[0]!.length, 1, 'neighbours in an index that was empty again');
};

const ids: IndexCheckBody = async ({ make }) => {
  const index = await make(2);
  expectSame(await index.add(floats(1, 2, 3, 4)), [0, 1], 'ids given out');
  expectSame(await index.add(floats(5, 6), { ids: [10] }), [10], 'ids of one’s own');
  expectSame(await index.remove([10, 'absent']), 1, 'records removed');
  expectSame(await index.add(floats(4, 1), { ids: ['1'] }), ['1'], 'a text beside a number');
  expectSame(await index.add(floats(5, 5)), [11], 'ids given out, above every number ever in use');
  expectSame([index.has('1'), index.has(1), index.has(10), index.has('11')], [true, true, false, false], 'ids in use');
};

const replacing: IndexCheckBody = async ({ make, ...accuracy }) => {
  const index = await make(2);
  await index.add(floats(1, 0, 0, 1, 5, 1), { labels: ['a', 'b', 'c'], data: ['x', undefined, { y: 1 }] });
  await index.upsert(floats(9, 2, 5, 5), { ids: [1, 'new'], labels: [null, 'd'] });
  const seen = [...index].map(({ id, label, data }) => [id, label, data ?? null]);
  expectSame(
    seen,
    [
      [0, 'a', 'x'],
      [1, null, null],
      [2, 'c', { y: 1 }],
      ['new', 'd', null],
    ],
    'records in the order of adding',
  );
  const records = [
    { id: 0, label: 'a', vector: floats(1, 0), data: undefined },
    { id: 1, label: null, vector: floats(9, 2), data: undefined },
    { id: 2, label: 'c', vector: floats(5, 1), data: undefined },
    { id: 'new', label: 'd', vector: floats(5, 5), data: undefined },
  ];
  await searchAndCompare(index, records, floats(9, 2, 0, 1), { k: 4 }, { ...accuracy, recall: 1 });
};

/** Many records at one place: all of them are found, none twice. */
const duplicates: IndexCheckBody = async ({ make, dimension, ...accuracy }) => {
  const index = await make();
  const some = clusteredRows(200, dimension, 5);
  const rows = new Float32Array(300 * dimension);
  rows.set(some);
  for (let i = 200; i < 300; i++) rows.set(rowOf(some, 7, dimension), i * dimension);
  await index.add(rows);
  const records = plainRecords(rows, dimension);
  const query = rowOf(some, 7, dimension);
  const least = Math.min(accuracy.recall, 0.95);
  const recall = await searchAndCompare(index, records, query, { k: 101 }, accuracy);
  if (recall < least) throw new CheckFailure(`${recall} of 101 equal records were found`);
  await index.remove(7);
  const [list] = await index.search(query, { k: 1 });
  if (!list![0] || list![0].id === 7) throw new CheckFailure('the record that was removed is still found');
};

const clearing: IndexCheckBody = async ({ make, dimension, ...accuracy }) => {
  const index = await make();
  const rows = clusteredRows(600, dimension, 6);
  await index.add(rows, { labels: Array.from({ length: 600 }, (_, i) => i % 3) });
  const odd = Array.from({ length: 300 }, (_, i) => 2 * i + 1);
  await index.remove(odd);
  await index.compact();
  const records = plainRecords(rows, dimension, (i) => i % 3).filter((_, i) => i % 2 === 0);
  expectSame(idsOf([...index]), idsOf(records), 'ids after compact');
  const recall = await searchAndCompare(index, records, clusteredRows(30, dimension, 7), { k: 10 }, accuracy);
  if (recall < accuracy.recall) throw new CheckFailure(`recall after compact is ${recall}`);
  await index.clear();
  expectSame([index.size, [...index], index.dimension], [0, [], dimension], 'a cleared index');
  expectSame(await index.add(rows.subarray(0, dimension)), [0], 'the first id after clear');
};

/** What happens to records, one step after the other. */
export const lifeChecks: readonly (readonly [name: string, body: IndexCheckBody])[] = [
  ['works with no record and with one, and returns all when k is more', fewRecords],
  ['takes numbers and texts as ids, and gives out numbers above those in use', ids],
  ['replaces records in place', replacing],
  ['finds many records at one place', duplicates],
  ['clears and compacts', clearing],
];
