import { CheckFailure } from '../check.ts';
import { heapInUse } from './heap-in-use.ts';
import { expectSame, type IndexCheckBody } from './index-check.ts';
import { clusteredRows, plainRecords, rowOf, searchAndCompare } from './index-model.ts';

/** Half of the records replaced by others, three times, against an index that never held any other. */
const churn: IndexCheckBody = async ({ make, dimension, size, ...accuracy }) => {
  const [index, fresh] = [await make(), await make()];
  const rows = clusteredRows(size * 3, dimension, 10);
  const records = plainRecords(rows, dimension);
  const part = (begin: number, end: number): Float32Array => rows.subarray(begin * dimension, end * dimension);
  await index.add(part(0, size));
  let live = records.slice(0, size);
  let next = size;
  for (let round = 0; round < 3; round++) {
    const gone = new Set(live.filter((_, i) => i % 2 === round % 2).map(({ id }) => id));
    await index.remove([...gone]);
    live = live.filter(({ id }) => !gone.has(id));
    const end = Math.min(next + gone.size, records.length);
    await index.add(part(next, end));
    live.push(...records.slice(next, end));
    next = end;
  }
  expectSame(index.size, live.length, 'size after three rounds');
  const kept = new Float32Array(live.length * dimension);
  live.forEach(({ vector }, i) => kept.set(vector, i * dimension));
  await fresh.add(kept, { ids: live.map(({ id }) => id) });
  const queries = clusteredRows(150, dimension, 11);
  const churned = await searchAndCompare(index, live, queries, { k: 10 }, accuracy);
  const built = await searchAndCompare(fresh, live, queries, { k: 10 }, accuracy);
  if (churned < built - 0.01)
    throw new CheckFailure(`recall is ${churned} after the changes, ${built} of a fresh index`);
};

/** Searches while records come: what they return is there, right and in order. */
const searchDuringAdd: IndexCheckBody = async ({ make, dimension, size, ...accuracy }) => {
  const index = await make();
  const total = size * 3;
  const rows = clusteredRows(total, dimension, 12);
  const records = plainRecords(rows, dimension, (i) => `label ${i}`);
  const labels = records.map(({ label }) => label);
  await index.add(rows.subarray(0, 100 * dimension), { labels: labels.slice(0, 100) });
  let adding = true;
  const add = index.add(rows.subarray(100 * dimension), { labels: labels.slice(100) }).finally(() => (adding = false));
  const queries = clusteredRows(40, dimension, 13);
  for (let i = 0; adding; i = (i + 1) % 40) {
    // Any record that was or will be added may be returned; how many are in is not known.
    const [list] = await index.search(rowOf(queries, i, dimension), { k: 5 });
    const found = records.filter(({ id }) => list!.some((one) => one.id === id));
    await checkFound(list!, found, rowOf(queries, i, dimension), accuracy);
    await new Promise((resolve) => setTimeout(resolve));
  }
  await add;
  expectSame(index.size, total, 'size after the add');
  const recall = await searchAndCompare(index, records, queries, { k: 10 }, accuracy);
  if (recall < accuracy.recall) throw new CheckFailure(`recall after the add is ${recall}`);
};

type Compare = Parameters<typeof searchAndCompare>;

/** Holds one list against the very records that are in it. */
async function checkFound(
  list: Awaited<ReturnType<Compare[0]['search']>>[number],
  found: Compare[1],
  query: Float32Array,
  accuracy: Compare[4],
): Promise<void> {
  const said = { dimension: query.length, search: async () => [list] } as unknown as Compare[0];
  if (list.length < 5) throw new CheckFailure(`${list.length} records of 100 or more in place of 5`);
  await searchAndCompare(said, found, query, { k: 5 }, { ...accuracy, recall: 1 });
}

const abortedAdd: IndexCheckBody = async ({ make, dimension, size }) => {
  const index = await make();
  const rows = clusteredRows(size * 4, dimension, 14);
  await index.add(rows.subarray(0, 50 * dimension), { labels: Array.from({ length: 50 }, (_, i) => i) });
  const query = clusteredRows(1, dimension, 15);
  // To twelve digits: an index may have gone over to another way of adding up meanwhile.
  const seen = async (): Promise<unknown[]> => {
    const lists = await index.search(query, { k: 50 });
    const answers = lists.map((list) => list.map((one) => ({ ...one, distance: one.distance.toPrecision(12) })));
    return [answers, [...index].map(({ id, label }) => [id, label])];
  };
  const before = await seen();
  const stop = new AbortController();
  const ids = Array.from({ length: size * 4 }, (_, i) => i + 25); // half of the 50 would be replaced
  const error = await index
    .upsert(rows, { ids, signal: stop.signal, onProgress: ({ done }) => done > size && stop.abort() })
    .catch((reason: { code?: string }) => reason);
  if (Array.isArray(error)) return; // it was done before it could be stopped
  expectSame(error.code, 'ERR_ABORTED', 'code of the error');
  expectSame(await seen(), before, 'answers and records after an add that was stopped');
  expectSame(await index.add(query), [50], 'the next id');
};

const steadyMemory: IndexCheckBody = async ({ make, dimension, rounds }) => {
  const index = await make();
  const size = 500; // so that time goes into calls
  const rows = clusteredRows(size, dimension, 16);
  await index.add(rows);
  const queries = clusteredRows(64, dimension, 17);
  const search = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await index.search(rowOf(queries, i % 64, dimension), { k: 10 });
  };
  const change = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const ids = await index.add(rows.subarray((i % 50) * dimension, ((i % 50) + 5) * dimension));
      await index.remove(ids);
    }
  };
  await grows('queries', rounds.queries, search);
  await grows('rounds of add and remove', rounds.changes, change);
  expectSame(index.size, size, 'size after all rounds');

  /** After a warm-up, as much again as before must not take more memory: not three times in a row. */
  async function grows(what: string, count: number, work: (count: number) => Promise<void>): Promise<void> {
    await work(Math.ceil(count / 5));
    // Half of what one query weighs, for each: whatever keeps queries or answers is above.
    const most = 1e6 + count * dimension * 2;
    let used = Infinity;
    for (let attempt = 0; attempt < 3 && used > most; attempt++) {
      const before = [index.describe?.().bytes ?? 0, await heapInUse()] as const;
      await work(count);
      const engine = (index.describe?.().bytes ?? 0) - before[0];
      if (engine > 0) throw new CheckFailure(`${count} ${what} took ${engine} bytes of the engine`);
      used = (await heapInUse()) - before[1];
    }
    if (used > most) throw new CheckFailure(`${count} ${what} left ${used} bytes on the heap, more than ${most}`);
  }
};

const tuning: IndexCheckBody = async ({ make, dimension, size, ...accuracy }) => {
  const index = await make();
  if (!index.tune) return;
  const rows = clusteredRows(size, dimension, 18);
  await index.add(rows);
  const { recall } = await index.tune({ recall: 0.9, k: 10 });
  const found = await searchAndCompare(
    index,
    plainRecords(rows, dimension),
    clusteredRows(200, dimension, 19),
    { k: 10 },
    accuracy,
  );
  if (found < Math.min(recall, 0.9) - 0.03) throw new CheckFailure(`recall is ${found}, where tuning said ${recall}`);
};

/** Long work and many calls. */
export const longChecks: readonly (readonly [name: string, body: IndexCheckBody])[] = [
  ['keeps its recall when half of the records are replaced, three times', churn],
  ['answers rightly while records are added', searchDuringAdd],
  ['is as before after an add that was stopped', abortedAdd],
  ['takes no more memory with queries and changes', steadyMemory],
  ['finds the share that it was tuned to', tuning],
];
