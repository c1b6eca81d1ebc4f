import { describe, expect, it } from 'vitest';
import { clusteredRows } from '../../test/clustered-rows.ts';
import { plainDistances, type Metric } from '../../test/plain-distances.ts';
import type { EngineHits, EngineSearchOptions, SearchEngine, SearchEngineOptions } from '../contract.ts';
import { hnswEngine } from './hnsw-engine.ts';
import { GRAPH_METRICS, PRECISIONS } from './hnsw-layout.ts';
import type { HnswOptions } from './hnsw-options.ts';

const DIMENSION = 40;
const every: EngineSearchOptions = { k: 10, radius: Infinity, allowed: undefined, signal: undefined };
const slotsOf = (count: number, from = 0): Uint32Array => Uint32Array.from({ length: count }, (_, i) => from + i);

async function make(options: HnswOptions = {}, engine: Partial<SearchEngineOptions> = {}): Promise<SearchEngine> {
  return hnswEngine(options)({ dimension: DIMENSION, metric: 'cosine', order: (slot) => slot, ...engine });
}

/** Slots and distances of the `k` closest rows by plain loops in float64, of those that may be returned. */
function closest(
  rows: Float32Array,
  query: Float32Array,
  metric: Metric,
  k: number,
  may: (slot: number) => boolean = () => true,
): { slot: number; distance: number }[] {
  return Array.from({ length: rows.length / query.length }, (_, slot) => slot)
    .filter(may)
    .map((slot) => {
      const row = rows.subarray(slot * query.length, (slot + 1) * query.length);
      return { slot, distance: plainDistances[metric](query, row) };
    })
    .toSorted((a, b) => a.distance - b.distance || a.slot - b.slot)
    .slice(0, k);
}

function recallOf(
  hits: EngineHits,
  rows: Float32Array,
  queries: Float32Array,
  metric: Metric,
  may?: (slot: number) => boolean,
): number {
  let found = 0;
  let wanted = 0;
  for (let i = 0; i < hits.counts.length; i++) {
    const query = queries.subarray(i * DIMENSION, (i + 1) * DIMENSION);
    const truth = new Set(closest(rows, query, metric, hits.k, may).map(({ slot }) => slot));
    const got = hits.slots.subarray(i * hits.k, i * hits.k + hits.counts[i]!);
    found += got.filter((slot) => truth.has(slot)).length;
    wanted += truth.size;
  }
  return found / wanted;
}

const rows = clusteredRows(4000, DIMENSION, 1);
const queries = clusteredRows(50, DIMENSION, 2);

describe('hnswEngine', () => {
  it.each(GRAPH_METRICS)('finds what a plain loop finds, at its distances: %s', async (metric) => {
    const engine = await make({ efSearch: 100 }, { metric });
    await engine.set(slotsOf(4000), rows);
    const hits = await engine.search(queries, every);
    expect(recallOf(hits, rows, queries, metric)).toBeGreaterThan(0.97);
    for (let at = 0; at < hits.slots.length; at++) {
      const query = queries.subarray(Math.floor(at / 10) * DIMENSION, (Math.floor(at / 10) + 1) * DIMENSION);
      const slot = hits.slots[at]!;
      const truth = plainDistances[metric](query, rows.subarray(slot * DIMENSION, (slot + 1) * DIMENSION));
      expect(Math.abs(hits.distances[at]! - truth)).toBeLessThan(1e-9 * (1 + Math.abs(truth)));
      if (at % 10 > 0) expect(hits.distances[at]).toBeGreaterThanOrEqual(hits.distances[at - 1]!);
    }
  });

  it.each(PRECISIONS)('reaches a recall with codes of %s, with and without rows', async (precision) => {
    const least = { f32: [0.98, 0.98], f16: [0.98, 0.98], i8: [0.98, 0.95], i4: [0.97, 0.75], binary: [0.9, 0.25] };
    for (const [i, rerank] of [true, false].entries()) {
      const engine = await make({ precision, rerank, efSearch: 128 });
      await engine.set(slotsOf(4000), rows);
      expect([precision, rerank, recallOf(await engine.search(queries, every), rows, queries, 'cosine')]).toEqual([
        precision,
        rerank,
        expect.toSatisfy((recall: number) => recall >= least[precision][i]!),
      ]);
    }
  });

  it.each(PRECISIONS)('gives the same without SIMD, bit for bit, with codes of %s', async (precision) => {
    for (const metric of ['cosine', 'inner-product', 'snr']) {
      const answers: EngineHits[] = [];
      for (const kernel of ['simd', 'scalar'] as const) {
        const engine = await make({ precision, kernel, rerank: metric !== 'snr' }, { metric });
        await engine.set(slotsOf(700), rows.subarray(0, 700 * DIMENSION));
        answers.push(await engine.search(queries, { ...every, effort: 12 }));
      }
      expect(answers[1]).toEqual(answers[0]);
    }
  });

  it('builds the same graph with two threads as with one', async () => {
    const engines = await Promise.all([1, 2].map((threads) => make({ threads })));
    for (const engine of engines) await engine.set(slotsOf(3000), rows.subarray(0, 3000 * DIMENSION));
    const [one, two] = engines.map((engine) => engine.state!());
    for (const name of ['links', 'codes', 'upper', 'levels', 'slots']) {
      expect(Buffer.compare(two!.sections.get(name)!, one!.sections.get(name)!), name).toBe(0);
    }
    expect(await engines[1]!.search(queries, every)).toEqual(await engines[0]!.search(queries, every));
    expect(engines[1]!.name).toBe('hnsw i4 (wasm simd, 2 threads)');
    await Promise.all(engines.map((engine) => engine.close!()));
  });

  it('answers before there are many: none, one, fewer than asked for', async () => {
    const engine = await make();
    expect(await engine.search(queries.subarray(0, DIMENSION), every)).toMatchObject({ k: 0 });
    await engine.set(Uint32Array.of(7), rows.subarray(0, DIMENSION));
    const one = await engine.search(queries.subarray(0, DIMENSION), every);
    expect([one.k, [...one.counts], [...one.slots]]).toEqual([1, [1], [7]]);
    await engine.set(slotsOf(5), rows.subarray(0, 5 * DIMENSION));
    const six = await engine.search(rows.subarray(0, DIMENSION), every);
    expect(six.k).toBe(6);
    expect([...six.slots].slice(0, 2)).toEqual([0, 7]); // equal rows in the order of adding
    expect(six.distances[0]).toBeCloseTo(0, 12);
  });

  it('puts rows without direction at distance 1 under cosine, and answers queries without one', async () => {
    const engine = await make({ efSearch: 200 });
    const some = rows.slice(0, 2000 * DIMENSION);
    some.fill(0, 500 * DIMENSION, 501 * DIMENSION);
    await engine.set(slotsOf(2000), some);
    const far = queries.subarray(0, DIMENSION).map((value) => -value);
    const hits = await engine.search(far, { ...every, k: 2000 });
    expect(hits.distances[hits.slots.indexOf(500)]).toBe(1);
    const none = await engine.search(new Float32Array(DIMENSION), every);
    expect([...none.distances]).toEqual(Array.from({ length: 10 }, () => 1));
  });

  it('keeps its recall when half of the rows go and others come, three times', async () => {
    const engine = await make({ efSearch: 80 });
    let held = rows.slice(0, 2000 * DIMENSION);
    await engine.set(slotsOf(2000), held);
    for (let round = 0; round < 3; round++) {
      const gone = slotsOf(2000).filter((slot) => (slot + round) % 2 === 0);
      await engine.remove(gone);
      expect(engine.size).toBe(1000);
      const left = await engine.search(queries, every);
      expect(recallOf(left, held, queries, 'cosine', (slot) => (slot + round) % 2 === 1)).toBeGreaterThan(0.95);
      const fresh = clusteredRows(gone.length, DIMENSION, 10 + round);
      held = held.slice();
      gone.forEach((slot, i) => held.set(fresh.subarray(i * DIMENSION, (i + 1) * DIMENSION), slot * DIMENSION));
      await engine.set(gone, fresh);
    }
    const anew = await make({ efSearch: 80 });
    await anew.set(slotsOf(2000), held);
    const recall = recallOf(await engine.search(queries, every), held, queries, 'cosine');
    const ofAnew = recallOf(await anew.search(queries, every), held, queries, 'cosine');
    expect(recall).toBeGreaterThan(ofAnew - 0.01);
    await engine.compact!();
    expect(recallOf(await engine.search(queries, every), held, queries, 'cosine')).toBeGreaterThan(ofAnew - 0.01);
    await engine.remove(slotsOf(2000));
    expect([engine.size, (await engine.search(queries, every)).k]).toEqual([0, 0]);
    await engine.set(slotsOf(100), held.subarray(0, 100 * DIMENSION));
    expect(recallOf(await engine.search(queries, every), held.subarray(0, 100 * DIMENSION), queries, 'cosine')).toBe(1);
  });

  it('replaces rows in their slots', async () => {
    const engine = await make();
    await engine.set(slotsOf(500), rows.subarray(0, 500 * DIMENSION));
    await engine.set(slotsOf(500), rows.subarray(500 * DIMENSION, 1000 * DIMENSION));
    expect(engine.size).toBe(500);
    expect(engine.row(3)).toEqual(rows.slice(503 * DIMENSION, 504 * DIMENSION));
    const hits = await engine.search(rows.subarray(503 * DIMENSION, 504 * DIMENSION), every);
    expect([hits.slots[0], new Set(hits.slots).size]).toEqual([3, 10]);
  });

  it.each([2, 10, 100, 1000])('returns as many as pass a filter of one in %d', async (share) => {
    const engine = await make({ efSearch: 50 });
    await engine.set(slotsOf(4000), rows);
    const allowed = new Uint32Array(125);
    const may = (slot: number): boolean => (slot * 7) % share === 0;
    for (const slot of slotsOf(4000).filter(may)) allowed[slot >>> 5]! |= 1 << (slot & 31);
    const hits = await engine.search(queries, { ...every, allowed });
    expect([...hits.counts]).toEqual(Array.from({ length: 50 }, () => hits.k));
    expect([...hits.slots].every(may)).toBe(true);
    expect(recallOf(hits, rows, queries, 'cosine', may)).toBeGreaterThan(0.97);
    await engine.remove(slotsOf(1)); // from here on, nodes are not all there
    const after = await engine.search(queries, { ...every, allowed });
    expect([...after.slots].every((slot) => may(slot) && slot > 0)).toBe(true);
  });

  it('stays within a radius', async () => {
    const engine = await make();
    await engine.set(slotsOf(4000), rows);
    const query = queries.subarray(0, DIMENSION);
    const truth = closest(rows, query, 'cosine', 20);
    const radius = truth[7]!.distance + 1e-12; // ours is summed in another order
    const hits = await engine.search(query, { ...every, k: 20, radius, effort: 200 });
    expect([...hits.slots.subarray(0, hits.counts[0])]).toEqual(truth.slice(0, 8).map(({ slot }) => slot));
    expect(hits.distances[8]).toBe(Infinity);
  });

  it('changes nothing when an add is stopped', async () => {
    const engine = await make();
    await engine.set(slotsOf(1000), rows.subarray(0, 1000 * DIMENSION));
    const before = await engine.search(queries, every);
    const stop = new AbortController();
    const set = engine.set(slotsOf(3000, 500), rows.subarray(1000 * DIMENSION), {
      signal: stop.signal,
      onProgress: ({ done }) => done > 1000 && stop.abort(),
    });
    await expect(set).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    expect(engine.size).toBe(1000);
    const after = await engine.search(queries, every);
    expect(recallOf(after, rows.subarray(0, 1000 * DIMENSION), queries, 'cosine')).toBeGreaterThan(0.97);
    expect(after.k).toBe(before.k);
    expect(engine.row(999)).toEqual(rows.slice(999 * DIMENSION, 1000 * DIMENSION));
  });

  it.each([true, false])('writes its codes anew when rows move away from the first, rows kept: %s', async (rerank) => {
    const engine = await make({ rerank, efSearch: 100 }, { metric: 'euclidean' });
    const some = rows.slice(0, 2000 * DIMENSION);
    for (let at = 0; at < 50 * DIMENSION; at++) some[at]! += 50;
    await engine.set(slotsOf(50), some.subarray(0, 50 * DIMENSION));
    await engine.set(slotsOf(1950, 50), some.subarray(50 * DIMENSION));
    const unmoved = await make({ rerank, efSearch: 100 }, { metric: 'euclidean' });
    await unmoved.set(slotsOf(2000), rows.subarray(0, 2000 * DIMENSION));
    const wanted = recallOf(
      await unmoved.search(queries, every),
      rows.subarray(0, 2000 * DIMENSION),
      queries,
      'euclidean',
    );
    expect(recallOf(await engine.search(queries, every), some, queries, 'euclidean')).toBeGreaterThan(wanted - 0.1);
  });

  it('gives rows back as their codes tell where it keeps no rows', async () => {
    const most = { f32: 0, f16: 6e-4, i8: 0.01, i4: 0.2, binary: 0.8 };
    for (const precision of PRECISIONS) {
      const engine = await make({ precision, rerank: false }, { metric: 'euclidean' });
      await engine.set(slotsOf(2000), rows.subarray(0, 2000 * DIMENSION));
      const row = engine.row(77);
      const truth = rows.subarray(77 * DIMENSION, 78 * DIMENSION);
      const off = Math.hypot(...row.map((value, j) => value - truth[j]!)) / Math.hypot(...truth);
      expect([precision, off <= most[precision]]).toEqual([precision, true]);
    }
  });

  it('says what it has no graph for, and what is out of range', async () => {
    await expect(make({}, { metric: 'manhattan' })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hnsw-engine: metric must be one of 'cosine', 'euclidean', 'squared-euclidean', 'inner-product', 'snr', but got 'manhattan'. Leave metric out to use the default. [ERR_OPTION]]`,
    );
    expect(() => hnswEngine({ M: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hnsw-engine: M must be a whole number of at least 4, but got 2. Leave M out to use the default. [ERR_OPTION]]`,
    );
    expect(() => hnswEngine({ M: 100 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hnsw-engine: M must be at most 64, but got 100. Leave it out for the default. [ERR_OPTION]]`,
    );
    expect(() => hnswEngine({ alpha: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hnsw-engine: alpha must be from 1 to 4, but got 0.5. Leave it out for the default. [ERR_OPTION]]`,
    );
    expect(() => hnswEngine({ precision: 'i2' as 'i4' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hnsw-engine: precision must be one of 'f32', 'f16', 'i8', 'i4', 'binary', but got 'i2'. Leave precision out to use the default. [ERR_OPTION]]`,
    );
    expect(() => hnswEngine({ m: 3 } as HnswOptions)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hnsw-engine: options are M, efConstruction, efSearch, alpha, precision, rerank, threads, seed, kernel, wasm, workerUrl, but got 'm'. Check the spelling. [ERR_OPTION]]`,
    );
  });

  it('refuses rows past 4 GiB before it takes any', async () => {
    const engine = await make();
    await engine.set(slotsOf(10), rows.subarray(0, 10 * DIMENSION));
    expect(() => engine.reserve!(20_000_000)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: hnsw-engine: one index must fit into 4294901760 bytes, but got '8539402944 bytes'. Use a smaller precision, rerank: false, or shardedEngine. [ERR_MEMORY]]`,
    );
    expect(engine.size).toBe(10);
    expect((await engine.search(queries, every)).k).toBe(10);
  });

  it('takes no room for rows that it does not keep', async () => {
    const engine = await make({ rerank: false });
    engine.reserve!(200_000);
    await engine.set(slotsOf(4000), rows);
    // 192 of links, 32 of codes, 10 of the rest; the contexts of one thread.
    expect(engine.bytes).toBeLessThan(200_000 * 240 + 2 ** 20);
    expect(engine.bytes).toBeGreaterThan(200_000 * 224);
    const slowly = await make({ rerank: false });
    slowly.reserve!(200_000);
    for (let at = 0; at < 1500; at += 500)
      await slowly.set(slotsOf(500, at), rows.subarray(at * DIMENSION, (at + 500) * DIMENSION));
    expect(slowly.bytes).toBeLessThan(200_000 * 240 + 2 ** 21);
    expect(recallOf(await engine.search(queries, every), rows, queries, 'cosine')).toBeGreaterThan(0.75);
  });

  it('estimates the memory that it takes', async () => {
    for (const options of [{}, { rerank: false }, { precision: 'f32' }, { precision: 'i8', M: 16 }] as HnswOptions[]) {
      const engine = await make(options);
      engine.reserve!(4000);
      await engine.set(slotsOf(4000), rows);
      const estimate = hnswEngine(options).estimateBytes!({ count: 4000, dimension: DIMENSION, metric: 'cosine' });
      const parts = [...engine.state!().sections.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
      expect(estimate).toBeGreaterThan(parts);
      expect(engine.bytes).toBeGreaterThan(parts);
    }
  });
});
