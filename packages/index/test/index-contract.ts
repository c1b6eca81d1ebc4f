import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Id, Label, SearchOptions, VectorIndex } from '../src/index.ts';
import { metrics, plainDistances, type Metric } from './plain-distances.ts';

/** A record of the model that an index is held against. */
interface Plain {
  id: Id;
  vector: Float32Array;
  label: Label | null;
}

/** What a search must return: ids and distances of the closest, equal ones in the order of adding. */
function expected(records: readonly Plain[], query: Float32Array, metric: Metric): { id: Id; distance: number }[] {
  return records
    .map(({ id, vector }, at) => ({ id, at, distance: plainDistances[metric](query, vector) }))
    .toSorted((a, b) => a.distance - b.distance || a.at - b.at);
}

/** Distances agree up to what two float64 formulas differ by; the scale is that of the numbers inside them. */
const near = (a: number, b: number, scale: number): boolean => Math.abs(a - b) <= 1e-9 * (Math.abs(b) + scale);

/**
 * The promises of a `VectorIndex`, for any implementation: exactness against plain loops after any additions, replacements and removals,
 * for the metrics it knows.
 */
export function testIndex(
  name: string,
  create: (options: { dimension: number; metric: Metric }) => VectorIndex,
  known: readonly Metric[] = metrics,
): void {
  describe(name, () => {
    it.each(known)('finds what a plain loop finds, %s, after any changes', async (metric) => {
      const change = fc.record({
        what: fc.constantFrom('add', 'add', 'add', 'upsert', 'remove'),
        count: fc.nat(60),
        at: fc.nat(1000),
      });
      const changes = fc.array(change, { minLength: 1, maxLength: 8 });
      // Kinds of numbers: any; few (many equal rows and distances); far from the origin; tiny; huge.
      const kind = fc.constantFrom('any', 'few', 'far', 'tiny', 'huge');
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 200 }),
          kind,
          changes,
          fc.nat(),
          async (dimension, numbers, list, seed) => {
            const index = create({ dimension, metric });
            const draw = drawer(seed, numbers);
            const rows = (count: number): Float32Array => Float32Array.from({ length: count * dimension }, draw);
            let records: Plain[] = [];
            let next = 0;
            for (const { what, count, at } of list) {
              if (what === 'add') {
                const ids = Array.from({ length: count }, () => (next % 3 === 0 ? `text ${next++}` : next++));
                const vectors = rows(count);
                const labels = ids.map((_, i) => (i % 5 === 0 ? null : i % 3));
                await index.add(vectors, { ids, labels });
                ids.forEach((id, i) =>
                  records.push({ id, label: labels[i]!, vector: vectors.slice(i * dimension, (i + 1) * dimension) }),
                );
              } else if (what === 'upsert') {
                const some = records.filter((_, i) => (i + at) % 4 === 0).slice(0, count);
                const vectors = rows(some.length);
                await index.upsert(vectors, { ids: some.map(({ id }) => id) });
                some.forEach((record, i) => {
                  record.vector = vectors.slice(i * dimension, (i + 1) * dimension);
                  record.label = null;
                });
              } else {
                const gone = new Set(records.filter((_, i) => (i + at) % 3 === 0).map(({ id }) => id));
                expect(await index.remove([...gone])).toBe(gone.size);
                records = records.filter(({ id }) => !gone.has(id));
              }
            }
            expect(index.size).toBe(records.length);
            expect([...index].map(({ id }) => id)).toEqual(records.map(({ id }) => id));
            if (records.length === 0) return;
            const count = 1 + (seed % 9);
            const queries = rows(count);
            if (seed % 3 === 0) queries.set(records[seed % records.length]!.vector); // one that is there
            await compare(index, records, queries, dimension, metric, { k: 1 + (seed % (records.length + 3)) });
            await compare(index, records, queries, dimension, metric, { k: 3, filter: { labels: [1, null] } });
            if (seed % 4 === 0) {
              await index.compact();
              await compare(index, records, queries, dimension, metric, { k: 7 });
            }
          },
        ),
        { seed: 11, numRuns: 60 },
      );
    });
  });
}

async function compare(
  index: VectorIndex,
  records: readonly Plain[],
  queries: Float32Array,
  dimension: number,
  metric: Metric,
  options: SearchOptions & { k: number },
): Promise<void> {
  const { filter } = options;
  const labels = filter && 'labels' in filter && filter.labels ? Array.from(filter.labels) : undefined;
  const wanted = labels ? records.filter(({ label }) => labels.includes(label)) : records;
  const lists = await index.search(queries, options);
  expect(lists.length).toBe(queries.length / dimension);
  lists.forEach((list, i) => {
    const query = queries.subarray(i * dimension, (i + 1) * dimension);
    const all = expected(wanted, query, metric);
    const distances = new Map(all.map(({ id, distance }) => [id, distance]));
    const scale = scaleOf(metric, query, wanted);
    expect(list.length).toBe(Math.min(options.k, wanted.length));
    expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    list.forEach(({ id, distance, rank }, at) => {
      expect(rank).toBe(at + 1);
      expect(
        near(distance, distances.get(id)!, scale),
        `${metric} ${distance} of ${id}, not ${distances.get(id)}`,
      ).toBe(true);
      expect(
        near(distance, all[at]!.distance, scale),
        `${metric} rank ${rank}: ${distance}, not ${all[at]!.distance}`,
      ).toBe(true);
    });
    // Where numbers are so few that both formulas are exact, ties are ties and the order is fixed.
    if (isExact(metric) && [...query, ...wanted.flatMap(({ vector }) => [...vector])].every(Number.isInteger)) {
      expect(list.map(({ id }) => id)).toEqual(all.slice(0, list.length).map(({ id }) => id));
    }
  });
}

const isExact = (metric: Metric): boolean => ['squared-euclidean', 'manhattan', 'inner-product'].includes(metric);

/** Size of the numbers that cancel inside a distance. */
function scaleOf(metric: Metric, query: Float32Array, records: readonly Plain[]): number {
  const square = (row: ArrayLike<number>): number => Array.from(row).reduce((sum, value) => sum + value * value, 0);
  const longest = records.reduce((most, { vector }) => Math.max(most, square(vector)), square(query));
  if (metric === 'cosine') return 1;
  if (metric === 'euclidean' || metric === 'manhattan') return Math.sqrt(longest * query.length) * 1e-6;
  if (metric !== 'snr') return longest;
  const mean = query.reduce((sum, value) => sum + value, 0) / query.length;
  return longest / query.length / Math.max(square(query.map((value) => value - mean)) / query.length, 1e-12);
}

/** Numbers of a kind from a seed. */
function drawer(seed: number, kind: string): () => number {
  let state = seed | 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
  const kinds: Record<string, () => number> = {
    any: () => Math.fround(uniform() * 2 - 1),
    few: () => Math.floor(uniform() * 3) - 1,
    far: () => Math.fround(1000 + uniform()),
    tiny: () => Math.fround((uniform() - 0.5) * 1e-20),
    huge: () => Math.fround((uniform() - 0.5) * 1e18),
  };
  return kinds[kind]!;
}
