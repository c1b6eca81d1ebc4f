import { createRandom } from '@simile/core/random';
import { CheckFailure } from '../check.ts';
import { expectSame, type IndexCheckBody } from './index-check.ts';
import {
  clusteredRows,
  drawer,
  expectRecall,
  plainRecords,
  rowOf,
  searchAndCompare,
  type PlainRecord,
} from './index-model.ts';

const QUERIES = 60;

/** Additions, replacements and removals by chance, over numbers of many kinds, then a search: for engines that find all. */
const afterAnyChanges: IndexCheckBody = async ({ make, ...accuracy }) => {
  for (let seed = 0; seed < 40; seed++) {
    const random = createRandom(seed).fork('changes');
    const dimension = 1 + random.integer(seed % 4 === 0 ? 150 : 12);
    const index = await make(dimension);
    const draw = drawer(random, ['any', 'few', 'far', 'tiny', 'huge'][seed % 5]!);
    const rows = (count: number): Float32Array => Float32Array.from({ length: count * dimension }, draw);
    let records: PlainRecord[] = [];
    let next = 0;
    for (let change = 0; change < 6; change++) {
      const count = random.integer(50);
      const pick = random.integer(6);
      const some = records.filter(() => random.integer(4) === 0);
      if (pick < 3) {
        const ids = Array.from({ length: count }, () => (random.integer(3) === 0 ? `text ${next++}` : next++));
        const labels = ids.map((_, i) => (i % 5 === 0 ? null : i % 3));
        const vectors = rows(count);
        await index.add(vectors, { ids, labels });
        ids.forEach((id, i) =>
          records.push({ id, label: labels[i]!, vector: rowOf(vectors, i, dimension), data: undefined }),
        );
      } else if (pick === 3) {
        const vectors = rows(some.length);
        await index.upsert(vectors, { ids: some.map(({ id }) => id) });
        some.forEach((record, i) => Object.assign(record, { vector: rowOf(vectors, i, dimension), label: null }));
      } else if (pick === 4) {
        const gone = new Set(some.map(({ id }) => id));
        expectSame(await index.remove([...gone]), gone.size, 'records that remove says it removed');
        records = records.filter(({ id }) => !gone.has(id));
      } else await index.compact();
    }
    expectSame(
      [...index].map(({ id }) => id),
      records.map(({ id }) => id),
      'ids in the order of adding',
    );
    if (records.length === 0) continue;
    const queries = rows(5);
    queries.set(records[0]!.vector);
    const k = 1 + random.integer(records.length + 3);
    // Formulas differ by the rounding of their largest number, which can be far above the distances.
    const widest = records.reduce((most, { vector }) => vector.reduce((m, x) => Math.max(m, Math.abs(x)), most), 0);
    const loose = {
      ...accuracy,
      tolerance: seed % 5 === 2 ? Math.max(accuracy.tolerance, widest * 1e-6) : accuracy.tolerance,
    };
    await searchAndCompare(index, records, queries, { k }, loose);
    await searchAndCompare(index, records, queries, { k: 3, filter: { labels: [1, null] } }, loose);
  }
};

const recallOfMany: IndexCheckBody = async ({ make, dimension, size, ...accuracy }) => {
  const index = await make();
  const rows = clusteredRows(size, dimension, 2);
  await index.add(rows);
  const records = plainRecords(rows, dimension);
  const queries = clusteredRows(QUERIES, dimension, 3);
  for (const k of [1, 10]) await expectRecall(index, records, queries, { k }, accuracy, accuracy.recall);
};

/** One query alone gives what it gives among others. */
const oneAtATime: IndexCheckBody = async ({ make, dimension, size }) => {
  const index = await make();
  await index.add(clusteredRows(size, dimension, 2));
  const queries = clusteredRows(12, dimension, 4);
  const together = await index.search(queries, { k: 7 });
  for (let i = 0; i < 12; i++) {
    const [alone] = await index.search(rowOf(queries, i, dimension), { k: 7 });
    expectSame(alone, together[i], `query ${i} alone`);
  }
  expectSame(await index.search(new Float32Array()), [], 'the answer to no queries');
};

const filters: IndexCheckBody = async ({ make, dimension, size, ...accuracy }) => {
  const index = await make();
  const rows = clusteredRows(size, dimension, 2);
  // 1 of 10, 1 of 100 and 1 of 1,000 records
  const labelOf = (i: number): string =>
    i % 1000 === 7 ? 'rare' : i % 100 === 3 ? 'scarce' : i % 10 === 1 ? 'some' : 'most';
  const records = plainRecords(rows, dimension, labelOf);
  await index.add(rows, { labels: records.map(({ label }) => label) });
  const queries = clusteredRows(QUERIES, dimension, 3);
  const least = Math.min(accuracy.recall, 0.95);
  for (const label of ['some', 'scarce', 'rare']) {
    const ids = records.filter((record) => record.label === label).map(({ id }) => id);
    await expectRecall(index, records, queries, { k: 10, filter: { labels: [label] } }, accuracy, least);
    await expectRecall(index, records, queries, { k: 10, filter: { ids } }, accuracy, least);
    const filter = (record: { label: unknown }): boolean => record.label === label;
    await expectRecall(index, records, queries, { k: 10, filter }, accuracy, least);
  }
  await expectRecall(index, records, queries, { k: 3, filter: { labels: ['none has this'] } }, accuracy, 1);
};

const radius: IndexCheckBody = async ({ make, dimension, size, ...accuracy }) => {
  const index = await make();
  const rows = clusteredRows(size, dimension, 2);
  const records = plainRecords(rows, dimension);
  await index.add(rows);
  const queries = clusteredRows(20, dimension, 3);
  const [list] = await index.search(rowOf(queries, 0, dimension), { k: 40 });
  const [near, far] = [list![9]!.distance, list![39]!.distance];
  await expectRecall(index, records, queries, { k: Infinity, radius: far }, accuracy, Math.min(accuracy.recall, 0.99));
  await expectRecall(index, records, queries, { k: 5, radius: near }, accuracy, Math.min(accuracy.recall, 0.9));
  const none = await index.search(queries, { k: 5, radius: list![0]!.distance - 1e6 });
  if (none.some(({ length }) => length > 0)) throw new CheckFailure('records past the radius');
};

/** What the answers must be. The first is for engines that find all. */
export const answerChecks: readonly (readonly [name: string, body: IndexCheckBody, exactOnly: boolean])[] = [
  ['finds what a plain loop finds, after any changes', afterAnyChanges, true],
  ['finds the share of true neighbours that is promised', recallOfMany, false],
  ['answers a query alone as among others', oneAtATime, false],
  ['returns k records and finds the right ones when 10 %, 1 % and .1 % pass a filter', filters, false],
  ['returns those within a radius, all of them for k: Infinity', radius, false],
];
