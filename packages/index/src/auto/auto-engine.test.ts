import { describe, expect, it } from 'vitest';
import { clusteredRows } from '../../test/clustered-rows.ts';
import type { Progress, SearchEngine, SearchEngineFactory } from '../contract.ts';
import { createIndex, indexFromBytes } from '../create-index.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { hnswEngine } from '../hnsw/hnsw-engine.ts';
import { autoEngine } from './auto-engine.ts';

const floats = (...values: number[]): Float32Array => Float32Array.from(values);
const line = (begin: number, end: number): Float32Array =>
  Float32Array.from({ length: end - begin }, (_, i) => begin + i);

/** An engine that finds what `flatEngine` does, under the name of a graph, and tells what is done with it. */
function graph(told: { closed: number; fail?: boolean }): SearchEngineFactory {
  return async (options) => {
    const inner = await flatEngine()(options);
    const named: SearchEngine = {
      name: 'graph',
      get size() {
        return inner.size;
      },
      get bytes() {
        return inner.bytes;
      },
      set: (slots, rows, set) => {
        if (told.fail) throw new Error('no room');
        set?.onProgress?.({ done: slots.length, total: slots.length });
        return inner.set(slots, rows);
      },
      remove: (slots) => inner.remove(slots),
      row: (slot) => inner.row(slot),
      search: (queries, search) => inner.search(queries, search),
      clear: () => inner.clear(),
      close: () => void told.closed++,
    };
    return named;
  };
}

describe('auto-engine', () => {
  it('looks at every record while they are few, moves them in the add that passes the number, and says so', async () => {
    const engine = autoEngine({ flatUpTo: 4, large: graph({ closed: 0 }) });
    const index = createIndex({ dimension: 1, metric: 'euclidean', engine });
    await index.add(line(0, 3));
    await index.remove(1);
    await index.upsert(floats(9), { ids: [0] });
    await index.add(line(3, 5)); // takes the slot that became free
    expect(index.describe().engine).toMatch(/^flat \(.*\), chosen for 4 records or fewer$/);
    const told: Progress[] = [];
    await index.add(line(5, 7), { onProgress: (progress) => told.push(progress) });
    expect(index.describe().engine).toBe('graph, chosen for more than 4 records');
    expect(told.at(-1)).toEqual({ done: 2, total: 2 });
    const [list] = await index.search(floats(4.9), { k: 9 });
    expect(list!.map(({ distance }) => Math.round(distance * 10))).toEqual([1, 9, 11, 19, 29, 41]);
    await index.clear();
    await index.add(floats(1));
    expect(index.describe().engine).toMatch(/^flat/);
  });

  it('deals many that come at once to partitions, and builds a graph where they trickle in', async () => {
    const rows = clusteredRows(600, 8, 1);
    const atOnce = createIndex({ dimension: 8, engine: autoEngine({ flatUpTo: 100 }) });
    await atOnce.add(rows);
    expect(atOnce.describe().engine).toMatch(/^ivf .*, chosen for more than 100 records$/);
    const slowly = createIndex({ dimension: 8, engine: autoEngine({ flatUpTo: 100 }) });
    for (let at = 0; at < 600; at += 40) await slowly.add(rows.subarray(at * 8, (at + 40) * 8));
    expect(slowly.describe().engine).toMatch(/^hnsw .*, chosen for more than 100 records$/);
    const coded = createIndex({ dimension: 8, engine: autoEngine({ flatUpTo: 100, precision: 'i8' }) });
    await coded.add(rows);
    expect(coded.describe().engine).toMatch(/^hnsw i8/);
    const query = clusteredRows(1, 8, 2);
    const found = await Promise.all([atOnce, slowly].map((index) => index.search(query, { k: 1 })));
    expect(found[1]![0]![0]!.id).toBe(found[0]![0]![0]!.id);
  });

  it('passes threads on, to what is built and to what comes out of a file', async () => {
    const rows = clusteredRows(2600, 8, 1);
    const engine = autoEngine({ flatUpTo: 100, threads: 2 });
    const index = createIndex({ dimension: 8, engine });
    await index.add(rows);
    expect(index.describe().engine).toMatch(/^ivf \(wasm .*, 2 threads\), chosen for/);
    const bytes = index.toBytes();
    await index.close();
    const again = await indexFromBytes(bytes, { threads: 2 });
    expect(again.describe().engine).toMatch(/^ivf \(wasm .*, 2 threads\), chosen because it was built already$/);
    await again.close();
    const trickling = createIndex({ dimension: 8, engine });
    for (let at = 0; at < 400; at += 40) await trickling.add(rows.subarray(at * 8, (at + 40) * 8));
    expect(trickling.describe().engine).toMatch(/^hnsw i4 \(wasm simd, 2 threads\), chosen for/);
    await trickling.close();
  });

  it('takes the large engine at once when many are announced', async () => {
    let made = 0;
    const large = graph({ closed: 0 });
    const counted: SearchEngineFactory = (options) => (made++, large(options));
    const index = createIndex({ dimension: 1, engine: autoEngine({ flatUpTo: 4, large: counted }) });
    await index.add(line(1, 10));
    expect([index.describe().engine, made]).toEqual(['graph, chosen for more than 4 records', 1]);
  });

  it('stays as it was when the move fails', async () => {
    const told = { closed: 0, fail: true };
    const index = createIndex({
      dimension: 1,
      metric: 'euclidean',
      engine: autoEngine({ flatUpTo: 4, large: graph(told) }),
    });
    await index.add(line(0, 4));
    await expect(index.add(line(4, 6))).rejects.toThrow('no room');
    expect([index.size, told.closed]).toEqual([4, 1]);
    expect((await index.search(floats(9), { k: 1 }))[0]![0]!.id).toBe(3);
    told.fail = false;
    expect(await index.add(line(4, 6))).toEqual([4, 5]);
    expect((await index.search(floats(9), { k: 1 }))[0]![0]!.id).toBe(5);
    await index.close();
    expect(told.closed).toBe(2);
  });

  it('goes on with what was built, unless something else is asked for', async () => {
    const rows = Float32Array.from({ length: 400 * 4 }, (_, i) => Math.sin(i * i));
    const built = [hnswEngine({ precision: 'i8', M: 6 }), hnswEngine({ precision: 'binary' })];
    for (const engine of built) {
      const index = createIndex({ dimension: 4, engine });
      await index.add(rows);
      const bytes = index.toBytes();
      const again = await indexFromBytes(bytes);
      expect(again.describe().engine).toBe(`${index.describe().engine}, chosen because it was built already`);
      const query = floats(1, 2, 3, 4);
      expect(await again.search(query)).toEqual(await index.search(query));
      if (engine !== built[0]) continue;
      expect((await indexFromBytes(bytes, { precision: 'f32' })).describe().engine).toMatch(/^flat/);
      expect((await indexFromBytes(bytes, { recall: 1 })).describe().engine).toMatch(/^flat/);
    }
  });

  it('stays exact where that is asked for, and for metrics without a graph', async () => {
    const large = graph({ closed: 0 });
    const exact = createIndex({ dimension: 1, engine: autoEngine({ flatUpTo: 1, recall: 1, large }) });
    await exact.add(line(1, 5));
    expect(exact.describe().engine).toMatch(/, chosen because recall 1 was asked for$/);
    const other = createIndex({ dimension: 1, metric: 'manhattan', engine: autoEngine({ flatUpTo: 1 }) });
    await other.add(line(1, 5));
    expect(other.describe().engine).toMatch(/, chosen because there is no graph for manhattan$/);
  });

  it('refuses options that it does not know', () => {
    expect(() => autoEngine({ flatUpTo: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: auto-engine: flatUpTo must be a whole number of at least 0, but got -1. Leave flatUpTo out to use the default. [ERR_OPTION]]`,
    );
    expect(() => autoEngine({ limit: 3 } as object)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: auto-engine: options are recall, flatUpTo, precision, threads, small, large, but got 'limit'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
