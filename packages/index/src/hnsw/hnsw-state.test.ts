import { createRandom } from '@simile/core/random';
import { describe, expect, it } from 'vitest';
import { clusteredRows } from '../../test/clustered-rows.ts';
import type { EngineSearchOptions, EngineState, Json, SearchEngine, StoredEngineState } from '../contract.ts';
import { createIndex, indexFromBytes } from '../create-index.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { hnswEngine } from './hnsw-engine.ts';
import type { HnswOptions } from './hnsw-options.ts';

const DIMENSION = 24;
const rows = clusteredRows(1500, DIMENSION, 1);
const queries = clusteredRows(20, DIMENSION, 2);
const every: EngineSearchOptions = { k: 10, radius: Infinity, allowed: undefined, signal: undefined };

/** A state as a file gives it. */
function stored({ sections, ...rest }: EngineState): StoredEngineState {
  return {
    ...rest,
    sizes: new Map(Array.from(sections, ([name, bytes]) => [name, bytes.length])),
    read: async (name, into) => into.set(sections.get(name)!),
  };
}

async function restored(state: EngineState, options: HnswOptions = {}): Promise<SearchEngine> {
  const engine = { dimension: DIMENSION, metric: 'cosine', order: (slot: number): number => slot };
  const slots = Uint32Array.from({ length: 1500 }, (_, slot) => slot);
  return hnswEngine(options)({ ...engine, restore: stored(state), slots });
}

async function built(options: HnswOptions = {}): Promise<{ engine: SearchEngine; state: EngineState }> {
  const engine = await hnswEngine(options)({ dimension: DIMENSION, metric: 'cosine', order: (slot) => slot });
  await engine.set(
    Uint32Array.from({ length: 1500 }, (_, slot) => slot),
    rows,
  );
  await engine.remove(Uint32Array.of(3, 1400));
  const { sections, ...rest } = engine.state!();
  return {
    engine,
    state: { ...rest, sections: new Map(Array.from(sections, ([name, bytes]) => [name, bytes.slice()])) },
  };
}

describe('state of hnswEngine', () => {
  it.each([{}, { rerank: false }, { precision: 'f32' }, { precision: 'i8', rerank: false }] as HnswOptions[])(
    'goes on where it was: %j',
    async (options) => {
      const { engine, state } = await built(options);
      const again = await restored(state, options);
      expect(again.size).toBe(1498);
      expect(await again.search(queries, every)).toEqual(await engine.search(queries, every));
      expect(again.row(5)).toEqual(engine.row(5));
      // And it grows on from there as the first does.
      for (const each of [engine, again]) await each.set(Uint32Array.of(3, 1400), rows.subarray(0, 2 * DIMENSION));
      expect(await again.search(queries, every)).toEqual(await engine.search(queries, every));
    },
  );

  it('comes back from the bytes of an index without being built, and from other engines by its rows', async () => {
    const index = createIndex({ dimension: DIMENSION, engine: hnswEngine() });
    await index.add(rows, { labels: Array.from({ length: 1500 }, (_, i) => i % 7) });
    await index.remove([2, 700]);
    const bytes = index.toBytes();
    const copy = await indexFromBytes(bytes, { engine: hnswEngine() });
    expect(await copy.search(queries)).toEqual(await index.search(queries));
    expect(copy.get(9)).toEqual(index.get(9));
    const flat = await indexFromBytes(bytes, { engine: flatEngine() });
    expect(flat.describe().engine).toMatch(/^flat/);
    expect(flat.get(9)).toEqual(index.get(9));
    const others = await indexFromBytes(bytes, { engine: hnswEngine({ M: 8 }) });
    expect([others.size, others.get(9)]).toEqual([1498, index.get(9)]);
  });

  it('refuses what is damaged, or reads it without harm', async () => {
    const { state } = await built();
    const random = createRandom(5);
    const names = [...state.sections.keys()];
    let refused = 0;
    for (let trial = 0; trial < 150; trial++) {
      const name = names[random.integer(names.length)]!;
      const bytes = state.sections.get(name)!.slice();
      if (bytes.length === 0) continue;
      const at = random.integer(bytes.length);
      if (trial % 3 === 0) bytes[at] = random.integer(256);
      else new DataView(bytes.buffer).setUint32(Math.min(at & ~3, bytes.length - 4), random.integer(2 ** 32), true);
      const sections = new Map(state.sections).set(name, trial % 10 === 0 ? bytes.subarray(0, at) : bytes);
      try {
        const engine = await restored({ ...state, sections });
        const hits = await engine.search(queries, every);
        expect(hits.counts.every((count) => count <= hits.k)).toBe(true);
        expect(hits.distances.every((distance) => !Number.isNaN(distance))).toBe(true);
        await engine.remove(Uint32Array.from({ length: 400 }, (_, i) => i + 4));
        await engine.set(Uint32Array.of(9), rows.subarray(0, DIMENSION));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_FILE' });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(30);
  });

  it('refuses numbers that lie', async () => {
    const { state } = await built();
    const lies = { count: 1e9, entry: 1500, topLevel: 99, upperCount: -1, reach: -1, book: null, efSearch: 0 };
    for (const [name, value] of Object.entries(lies)) {
      const meta = { ...(state.meta as Record<string, Json>), [name]: value };
      await expect(restored({ ...state, meta }), name).rejects.toMatchObject({ code: 'ERR_FILE' });
    }
  });
});
