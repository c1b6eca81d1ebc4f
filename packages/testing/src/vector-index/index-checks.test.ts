import { describe, expect, test } from 'vitest';
import { PlainIndex } from '../../test/plain-index.ts';
import { indexChecks, type IndexTest } from './index-checks.ts';

const small: IndexTest<PlainIndex> = {
  size: 1000,
  dimension: 8,
  rounds: { queries: 300, changes: 100 },
  metrics: ['cosine'],
  copy: async (index) => {
    const copied = new PlainIndex(index.dimension, index.metric);
    copied.rows = new Map(structuredClone([...index.rows]));
    copied.next = index.next;
    return copied;
  },
};

/** Names of the checks that fail for an index with other methods, with what they say. */
async function failing(
  methods: (index: PlainIndex) => object,
  only?: string,
  options: IndexTest<PlainIndex> = small,
): Promise<Map<string, string>> {
  const make = ({ dimension, metric }: { dimension: number; metric: string }): PlainIndex => {
    const index = new PlainIndex(dimension, metric);
    return Object.assign(index, methods(index));
  };
  const failed = new Map<string, string>();
  for (const { name, run } of indexChecks(make, options)) {
    if (only && name !== only) continue;
    const { outcome, detail } = await run();
    if (outcome === 'failed') failed.set(name, detail);
  }
  return failed;
}

type Found = Awaited<ReturnType<PlainIndex['search']>>;
/** An index whose answers are changed. */
const answers =
  (change: (lists: Found, index: PlainIndex) => Found) =>
  (index: PlainIndex): object => ({
    search: async (...args: Parameters<PlainIndex['search']>) =>
      change(await PlainIndex.prototype.search.apply(index, args), index),
  });
const each = (change: (list: Found[number], index: PlainIndex) => Found[number]) =>
  answers((lists, index) => lists.map((list) => change(list, index)));

const any = 'finds what a plain loop finds, after any changes';
const promised = 'finds the share of true neighbours that is promised';
const alone = 'answers a query alone as among others';
const filtered = 'returns k records and finds the right ones when 10 %, 1 % and .1 % pass a filter';
const radius = 'returns those within a radius, all of them for k: Infinity';
const few = 'works with no record and with one, and returns all when k is more';
const ids = 'takes numbers and texts as ids, and gives out numbers above those in use';
const places = 'replaces records in place';
const equal = 'finds many records at one place';
const cleared = 'clears and compacts';
const merged = 'merges, and does what was asked for with ids that are in use';
const copied = 'reads what it wrote';
const churned = 'keeps its recall when half of the records are replaced, three times';
const during = 'answers rightly while records are added';
const stopped = 'is as before after an add that was stopped';
const memory = 'takes no more memory with queries and changes';
const refused = 'refuses bad input with its code and changes nothing';
const zeros = 'is at distance 1 of a row of zeros';
const { add, put, upsert, remove, search, merge } = PlainIndex.prototype;

describe('index checks', () => {
  test('pass for an index that is right', async () => {
    expect(await failing(() => ({}))).toEqual(new Map());
    const other = { ...small, metrics: ['euclidean', 'manhattan', 'snr', 'inner-product', 'squared-euclidean'] };
    expect(await failing(() => ({}), any, other)).toEqual(new Map());
  }, 60_000);

  const broken: readonly (readonly [name: string, check: string, methods: (index: PlainIndex) => object])[] = [
    ['a neighbour missed', any, each((list, { size }) => (size > 20 ? list.filter((_, i) => i !== 1) : list))],
    ['a wrong rank', any, each((list) => list.map((one) => ({ ...one, rank: one.rank - 1 })))],
    ['a wrong label', any, each((list) => list.map((one) => ({ ...one, label: one.label === 2 ? 1 : one.label })))],
    ['distances of float16', any, each((list) => list.map((one) => ({ ...one, distance: one.distance * 1.001 })))],
    [
      'one record many times',
      any,
      each((list) => list.map((one, i) => ({ ...list[0]!, rank: i + 1, distance: one.distance }))),
    ],
    [
      'the second closest first',
      promised,
      each((list) => (list.length === 10 ? list.slice(1).map((one, i) => ({ ...one, rank: i + 1 })) : list)),
    ],
    ['the farthest', promised, each((list, { size }) => (list.length === 1 && size > 500 ? [] : list))],
    ['the first query answered for all', alone, answers((lists) => lists.map((_, i) => lists[i > 6 ? 6 : i]!))],
    [
      'a filter after the search',
      filtered,
      (index) => ({
        search: async (vectors: Float32Array, options: { k: number; filter?: never }) => {
          const lists = await search.call(index, vectors, { k: options.k * 2 });
          return lists.map((list) =>
            list
              .filter((one) => index.passes(one, options.filter))
              .slice(0, options.k)
              .map((one, i) => ({ ...one, rank: i + 1 })),
          );
        },
      }),
    ],
    [
      'no radius',
      radius,
      (index) => ({
        search: (vectors: Float32Array, { k, filter }: { k?: number; filter?: () => boolean } = {}) =>
          search.call(index, vectors, { ...(k && { k }), ...(filter && { filter }) }),
      }),
    ],
    [
      'five at most',
      radius,
      (index) => ({
        search: (vectors: Float32Array, options: object) =>
          search.call(index, vectors, { ...options, k: Math.min((options as { k: number }).k, 50) }),
      }),
    ],
    [
      'data lost',
      few,
      (index) => ({
        get: (id: number) => {
          const found = PlainIndex.prototype.get.call(index, id);
          return found && { ...found, data: undefined };
        },
      }),
    ],
    ['ids as texts', ids, (index) => ({ has: (id: number) => index.rows.has(id) || index.rows.has(Number(id)) })],
    [
      'ids given out again',
      ids,
      (index) => ({
        remove: async (list: never) => {
          const count = await remove.call(index, list);
          index.next = Math.max(
            0,
            ...[...index.rows.keys()].filter((id) => typeof id === 'number').map((id) => id + 1),
          );
          return count;
        },
      }),
    ],
    [
      'replaced at the end',
      places,
      (index) => ({
        upsert: async (vectors: Float32Array, options: { ids: never[] }) => {
          await remove.call(index, options.ids);
          return put.call(index, vectors, options);
        },
      }),
    ],
    [
      'equal rows once',
      equal,
      each((list) => list.filter(({ distance }, i) => i < 3 || distance !== list[0]!.distance)),
    ],
    ['removed records found', equal, () => ({ remove: async (list: never) => [list].flat().length })],
    [
      'compact that forgets the order',
      cleared,
      (index) => ({
        compact: async () => {
          index.rows = new Map([...index.rows].reverse());
        },
      }),
    ],
    ['clear that keeps counting', cleared, (index) => ({ clear: async () => index.rows.clear() })],
    [
      'merge that always replaces',
      merged,
      (index) => ({ merge: (other: PlainIndex) => merge.call(index, other, { onConflict: 'replace' }) }),
    ],
    [
      'merge without labels',
      merged,
      (index) => ({
        merge: async (other: PlainIndex, options: object) => {
          const list = await merge.call(index, other, options);
          for (const row of index.rows.values()) row.label = null;
          return list;
        },
      }),
    ],
    [
      'recall lost by removing',
      churned,
      (index) => {
        let removed = 0;
        return {
          remove: async (list: never) => {
            removed += [list].flat().length;
            return remove.call(index, list);
          },
          distance: (q: Float32Array, x: Float32Array) =>
            removed > 900 && x[0]! > 1 ? 2 : PlainIndex.prototype.distance.call(index, q, x),
        };
      },
    ],
    [
      'half a record while adding',
      during,
      (index) => ({
        put: async (vectors: Float32Array, options: { labels?: never }) => {
          const { labels: _, ...rest } = options;
          const given = await put.call(index, vectors, rest);
          return put.call(index, vectors, { ...options, ids: given });
        },
      }),
    ],
    [
      'an add that was stopped half way',
      stopped,
      (index) => ({
        upsert: async (vectors: Float32Array, options: { ids: never[] }) => {
          try {
            return await upsert.call(index, vectors, options);
          } catch (error) {
            await put.call(index, vectors.subarray(0, 8), { ids: [0] });
            throw error;
          }
        },
      }),
    ],
    [
      'queries kept',
      memory,
      (index) => ({
        search: (...args: Parameters<typeof search>) => {
          index.kept.push(new Float64Array(1000));
          return search.apply(index, args);
        },
      }),
    ],
    ['an engine that grows', memory, (index) => ({ describe: () => ({ bytes: index.next }) })],
    [
      'NaN taken',
      refused,
      (index) => ({
        read: (vectors: Float32Array) => {
          const data = vectors instanceof Float32Array ? vectors : (vectors as { data: Float32Array }).data;
          return PlainIndex.prototype.read.call(
            index,
            vectors instanceof Float32Array ? data.map((x) => (Number.isNaN(x) ? 0 : x)) : vectors,
          );
        },
      }),
    ],
    [
      'half taken before an error',
      refused,
      (index) => ({
        add: async (vectors: Float32Array, options: { ids?: never[] } = {}) => {
          const free = options.ids?.filter((id) => !index.rows.has(id));
          if (free && free.length === 1) await put.call(index, vectors.subarray(0, index.dimension), { ids: free });
          return add.call(index, vectors, options);
        },
      }),
    ],
    [
      'ids in use replaced',
      refused,
      (index) => ({ add: (...args: Parameters<typeof add>) => put.call(index, args[0], args[1] ?? {}) }),
    ],
    [
      'no distance of zeros',
      zeros,
      (index) => ({
        distance: (q: Float32Array, x: Float32Array) =>
          q.every((v) => v === 0) || x.every((v) => v === 0) ? 0 : PlainIndex.prototype.distance.call(index, q, x),
      }),
    ],
  ];
  test.each(broken)('notice %s', async (_, check, methods) => {
    expect([...(await failing(methods, check)).keys()]).toEqual([check]);
  });

  test('notice a copy that lost something', async () => {
    const copy = async (index: PlainIndex): Promise<PlainIndex> => {
      const other = await small.copy!(index);
      other.rows.get([...other.rows.keys()][9]!)!.label = 'other';
      return other;
    };
    const failed = await failing(() => ({}), copied, { ...small, copy });
    expect(failed.get(copied)).toMatch(/^records of the copy: /);
  });

  test('hold an engine that may miss to its recall', async () => {
    const missing = each((list, { size }) =>
      size > 500 ? list.filter((_, i) => i % 5 !== 2).map((one, i) => ({ ...one, rank: i + 1 })) : list,
    );
    // four of five come back: too few records, whatever the recall
    expect((await failing(missing, promised, { ...small, recall: 0.7 })).get(promised)).toMatch(
      /8 records in place of 10/,
    );
    // the farthest of six in place of one of the first five: as many as must be, one of them wrong
    const wrong = (index: PlainIndex): object => ({
      search: async (vectors: Float32Array, options: { k: number }) =>
        (await search.call(index, vectors, { ...options, k: options.k + 1 })).map((list) =>
          list.filter((_, i) => list.length <= options.k || i !== 0).map((one, i) => ({ ...one, rank: i + 1 })),
        ),
    });
    expect(await failing(wrong, promised, { ...small, recall: 0.95 })).toEqual(
      new Map([[promised, 'recall is 0.0000, less than 0.95 (k = 1)']]),
    );
  });

  test('need a plain loop for a metric that is not of Simile', () => {
    expect(() => indexChecks(() => new PlainIndex(1, 'x'), { metrics: ['hamming'] })).toThrow(
      'There is no plain loop for hamming: give one as distances.',
    );
  });
});
