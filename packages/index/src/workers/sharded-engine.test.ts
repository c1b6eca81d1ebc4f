import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testIndex } from '../../test/index-contract.ts';
import type {
  EngineHits,
  EngineSearchOptions,
  SearchEngine,
  SearchEngineFactory,
  StoredEngineState,
} from '../contract.ts';
import { createIndex, indexFromBytes } from '../create-index.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { hnswEngine } from '../hnsw/hnsw-engine.ts';
import { mergeHits } from './merge-hits.ts';
import { shardedEngine } from './sharded-engine.ts';

const every: EngineSearchOptions = { k: 10, radius: Infinity, allowed: undefined, signal: undefined };
const slotsOf = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);
const numbers = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.fround(Math.sin(i * i)));

/** An engine of lists that has a state and an effort, and can be told to fail. */
function listEngine(failing: { set: number } = { set: Infinity }): SearchEngineFactory {
  return async ({ dimension, restore }) => {
    const rows = new Map<number, Float32Array>();
    if (restore?.kind === 'list') {
      const slots = restore.meta as number[];
      const bytes = new Uint8Array(restore.sizes.get('rows')!);
      await restore.read('rows', bytes);
      const all = new Float32Array(bytes.buffer);
      slots.forEach((slot, i) => rows.set(slot, all.slice(i * dimension, (i + 1) * dimension)));
    }
    return {
      name: 'list',
      get size() {
        return rows.size;
      },
      bytes: 100,
      effort: { name: 'looks', value: 3, least: 1, most: 9 },
      async set(slots, values, options) {
        if (slots.includes(failing.set)) throw new Error('told to fail');
        slots.forEach((slot, i) => rows.set(slot, values.slice(i * dimension, (i + 1) * dimension)));
        options?.onProgress?.({ done: slots.length, total: slots.length });
      },
      remove: (slots) => slots.forEach((slot) => rows.delete(slot)),
      row: (slot) => rows.get(slot)!.slice(),
      search: () => ({ k: 0, counts: new Uint32Array(1), slots: new Uint32Array(), distances: new Float64Array() }),
      clear: () => rows.clear(),
      state: () => ({
        kind: 'list',
        version: 1,
        meta: [...rows.keys()],
        sections: new Map([
          ['rows', new Uint8Array(Float32Array.from([...rows.values()].flatMap((row) => [...row])).buffer)],
        ]),
      }),
    };
  };
}

const make = async (engine: SearchEngineFactory, shards = 3, more = {}): Promise<SearchEngine> =>
  shardedEngine({ shards, engine })({ dimension: 2, metric: 'euclidean', order: (slot) => slot, ...more });

testIndex(
  'an index on three shards of flat',
  (options) => createIndex({ ...options, engine: shardedEngine({ shards: 3, engine: flatEngine() }) }),
  ['cosine', 'squared-euclidean'],
);

describe('sharded engine', () => {
  it('answers as one engine does, with slots allowed, a radius and ties', async () => {
    const options = { dimension: 2, metric: 'euclidean', order: (slot: number): number => -slot };
    const rows = numbers(2000).map((value) => Math.round(value * 4)); // many ties
    const one = await flatEngine()(options);
    const many = await shardedEngine({ shards: 7, engine: flatEngine() })(options);
    for (const engine of [one, many]) await engine.set(slotsOf(1000), rows);
    for (const engine of [one, many]) await engine.remove(Uint32Array.of(3, 500, 999));
    const queries = numbers(10);
    const allowed = Uint32Array.from({ length: 32 }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
    for (const how of [{}, { k: 1 }, { k: 5000 }, { radius: 1 }, { allowed }, { allowed: Uint32Array.of(6) }]) {
      const answers: EngineHits[] = [];
      for (const engine of [one, many]) answers.push(await engine.search(queries, { ...every, ...how }));
      expect(answers[1]).toEqual(answers[0]);
    }
    expect([many.size, many.row(8)]).toEqual([997, one.row(8)]);
    await many.clear();
    expect(many.size).toBe(0);
  });

  it('says what it is made of, and sets the effort of all', async () => {
    const engine = await make(listEngine());
    expect(engine.name).toBe('3 shards of list');
    expect(engine.bytes).toBe(316);
    engine.effort!.value = 7;
    expect(engine.effort).toMatchObject({ name: 'looks', value: 7, least: 1, most: 9 });
    expect(engine.searchExact).toBeUndefined();
    expect((await make(flatEngine())).effort).toBeUndefined();
  });

  it('puts rows back where another shard fails', async () => {
    const failing = { set: Infinity };
    const engine = await make(listEngine(failing));
    await engine.set(slotsOf(6), numbers(12));
    failing.set = 3; // slot 10 of the index is slot 3 of shard 1
    const rows = Float32Array.from({ length: 22 }, () => 5);
    await expect(engine.set(slotsOf(11), rows)).rejects.toThrow('told to fail');
    expect(engine.size).toBe(6);
    for (let slot = 0; slot < 6; slot++) expect(engine.row(slot)).toEqual(numbers(12).slice(slot * 2, slot * 2 + 2));
  });

  it('tells of progress, all shards together, and is stopped before it begins', async () => {
    const engine = await make(listEngine());
    const told: number[] = [];
    await engine.set(slotsOf(10), numbers(20), {
      signal: undefined,
      onProgress: ({ done, total }) => told.push(done, total),
    });
    expect(told).toEqual([4, 10, 7, 10, 10, 10]);
    const signal = AbortSignal.abort();
    await expect(engine.set(slotsOf(20), numbers(40), { signal, onProgress: undefined })).rejects.toThrow(
      'ERR_ABORTED',
    );
    expect(engine.size).toBe(10);
  });

  it('goes on from its state with as many shards, and starts empty with others', async () => {
    const engine = await make(listEngine());
    const slots = Uint32Array.of(0, 1, 2, 4, 9);
    await engine.set(slots, numbers(10));
    const { kind, version, meta, sections } = engine.state!();
    const restore: StoredEngineState = {
      kind,
      version,
      meta: JSON.parse(JSON.stringify(meta)),
      sizes: new Map([...sections].map(([name, bytes]) => [name, bytes.length])),
      read: async (name, into) => into.set(sections.get(name)!),
    };
    const again = await make(listEngine(), 3, { restore, slots });
    expect(again.size).toBe(5);
    expect(again.row(9)).toEqual(numbers(10).slice(8));
    expect((await make(listEngine(), 2, { restore, slots })).size).toBe(0);
    expect((await make(flatEngine(), 3, { restore, slots })).size).toBe(0);
    await expect(
      make(listEngine(), 3, { slots, restore: { ...restore, meta: [{ kind: 1 }] } }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: sharded-engine: the state must list kind, version and meta of each shard, but got [an object with kind]. The file is damaged: take the copy you kept. [ERR_FILE]]`,
    );
  });

  it.each([
    ['flat', flatEngine()],
    ['hnsw', hnswEngine({ M: 8 })],
  ])('is kept in a file that any engine reads, on %s', async (_, each) => {
    const engine = shardedEngine({ shards: 2, engine: each });
    const index = createIndex({ dimension: 2, metric: 'euclidean', engine });
    await index.add(numbers(40));
    await index.remove([3, 4]);
    await index.add(numbers(2), { ids: ['late'] });
    const bytes = index.toBytes();
    for (const other of [engine, shardedEngine({ shards: 3, engine: flatEngine() }), flatEngine(), each]) {
      const copy = await indexFromBytes(bytes, { engine: other });
      expect(await copy.search(numbers(4))).toEqual(await index.search(numbers(4)));
      expect([...copy]).toEqual([...index]);
    }
  });

  it('refuses what it does not know', () => {
    expect(() => shardedEngine({ shards: 0, engine: flatEngine() })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: sharded-engine: shards must be a whole number of at least 1, but got 0. Leave shards out to use the default. [ERR_OPTION]]`,
    );
    expect(() =>
      shardedEngine({ shards: 2, engine: flatEngine(), shard: 2 } as never),
    ).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: sharded-engine: options are shards, engine, but got 'shard'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});

it('merges what shards found as sorting all of it would', () => {
  const list = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(list, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 12 }), (lists, k) => {
      // Slot of the index: number in the shard × 10 + shard; the order runs backwards.
      const order = (slot: number): number => -slot;
      const all = lists.flatMap((found, shard) => found.map((distance, i) => ({ distance, slot: i * 10 + shard })));
      all.sort((a, b) => a.distance - b.distance || b.slot - a.slot);
      const shards = lists.map((found, shard) => {
        const own = all.filter(({ slot }) => slot % 10 === shard).slice(0, k);
        return {
          slotOf: (slot: number) => slot * 10 + shard,
          hits: {
            k: own.length + 1, // a place not in use
            counts: Uint32Array.of(own.length),
            slots: Uint32Array.from([...own.map(({ slot }) => Math.floor(slot / 10)), 0]),
            distances: Float64Array.from([...own.map(({ distance }) => distance), Infinity]),
          },
        };
      });
      const { counts, slots, distances } = mergeHits(shards, 1, k, order);
      const wanted = all.slice(0, k);
      expect(counts[0]).toBe(wanted.length);
      expect([...slots.subarray(0, counts[0])]).toEqual(wanted.map(({ slot }) => slot));
      expect([...distances.subarray(0, counts[0])]).toEqual(wanted.map(({ distance }) => distance));
    }),
    { seed: 5, numRuns: 300 },
  );
});
