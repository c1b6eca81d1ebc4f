import { describe, expect, it } from 'vitest';
import { testIndex } from '../test/index-contract.ts';
import { plainDistances, type Metric } from '../test/plain-distances.ts';
import type { EngineHits, EngineSearchOptions, SearchEngine, SearchEngineOptions } from './contract.ts';
import { createIndex } from './create-index.ts';

/** The simplest engine there can be: an outside author's, in plain JavaScript, over a map. */
function mapEngine({ dimension, metric, order }: SearchEngineOptions): SearchEngine {
  const rows = new Map<number, Float32Array>();
  const distance = plainDistances[metric as Metric];
  return {
    name: 'map',
    get size() {
      return rows.size;
    },
    get bytes() {
      return rows.size * dimension * 4;
    },
    set: (slots, values) =>
      slots.forEach((slot, i) => rows.set(slot, values.slice(i * dimension, (i + 1) * dimension))),
    remove: async (slots) => slots.forEach((slot) => rows.delete(slot)),
    row: (slot) => rows.get(slot)!.slice(),
    clear: () => rows.clear(),
    async search(queries: Float32Array, { k, radius, allowed }: EngineSearchOptions): Promise<EngineHits> {
      await new Promise((resolve) => setTimeout(resolve)); // slow on purpose: calls overlap
      const count = queries.length / dimension;
      const lists = Array.from({ length: count }, (_, i) => {
        const query = queries.subarray(i * dimension, (i + 1) * dimension);
        return [...rows]
          .filter(([slot]) => !allowed || ((allowed[slot >>> 5] ?? 0) >>> (slot & 31)) & 1)
          .map(([slot, row]) => ({ slot, distance: distance(query, row) }))
          .filter((one) => one.distance <= radius)
          .toSorted((a, b) => a.distance - b.distance || order(a.slot) - order(b.slot))
          .slice(0, k);
      });
      const hits = {
        k,
        counts: Uint32Array.from(lists, (list) => list.length),
        slots: new Uint32Array(count * k),
        distances: new Float64Array(count * k).fill(Infinity),
      };
      lists.forEach((list, i) =>
        list.forEach(({ slot, distance: found }, at) => {
          hits.slots[i * k + at] = slot;
          hits.distances[i * k + at] = found;
        }),
      );
      return hits;
    },
  };
}

testIndex('an index on an engine from outside', (options) => createIndex({ ...options, engine: mapEngine }), [
  'manhattan',
]);

describe('an engine from outside', () => {
  it('may know metrics of its own, and be slow, and fail', async () => {
    let fails = false;
    const index = createIndex({
      dimension: 1,
      metric: 'parity',
      engine: (options) => {
        const engine = mapEngine({ ...options, metric: 'manhattan' });
        return {
          ...engine,
          set(slots, rows) {
            if (fails) throw new Error('disk full');
            return engine.set(slots, rows);
          },
        };
      },
    });
    await index.add(Float32Array.of(1, 5));
    fails = true;
    await expect(index.add(Float32Array.of(9))).rejects.toThrow('disk full');
    fails = false;
    expect(index.size).toBe(2);
    expect(await index.add(Float32Array.of(7))).toEqual([2]);
    expect((await index.search(Float32Array.of(8), { k: 1 }))[0]![0]!.id).toBe(2);
    expect(index.describe().engine).toBe('map');
  });

  it('is never searched while it changes', async () => {
    const index = createIndex({ dimension: 1, metric: 'manhattan', engine: mapEngine });
    await index.add(Float32Array.of(1, 2, 3));
    const found = index.search(Float32Array.of(3), { k: 3 });
    const removed = index.remove(2);
    const added = index.add(Float32Array.of(30), { ids: ['new'] });
    expect((await found)[0]!.map(({ id }) => id)).toEqual([2, 1, 0]);
    await Promise.all([removed, added]);
    expect((await index.search(Float32Array.of(3), { k: 3 }))[0]!.map(({ id }) => id)).toEqual([1, 0, 'new']);
  });
});
