import { describe, expect, it } from 'vitest';
import { vectorDistance, type DistanceName } from '@simile/distances/vectors';
import { plainDistances, type Metric } from '../../test/plain-distances.ts';
import type { EngineHits, EngineSearchOptions, EngineState, SearchEngine, StoredEngineState } from '../contract.ts';
import { createIndex } from '../create-index.ts';
import { ivfEngine } from './ivf-engine.ts';
import type { IvfOptions } from './ivf-options.ts';
import { drawClusters } from '../../test/draw-clusters.ts';

const every: EngineSearchOptions = { k: 10, radius: Infinity, allowed: undefined, signal: undefined };
const known = ['cosine', 'inner-product', 'euclidean', 'squared-euclidean', 'snr'] as const;
const COUNT = 6000;
const DIMENSION = 22;

async function make(metric: string, options: IvfOptions = {}, dimension = DIMENSION): Promise<SearchEngine> {
  return ivfEngine(options)({ dimension, metric, order: (slot) => slot });
}

const slotsFrom = (first: number, count: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_, i) => first + i);

/** Share of the true closest that were found. */
function recall(found: EngineHits, truth: EngineHits): number {
  let hits = 0;
  for (let i = 0; i < truth.counts.length; i++) {
    const slots = new Set(found.slots.subarray(i * found.k, i * found.k + found.counts[i]!));
    for (let j = 0; j < truth.counts[i]!; j++) hits += Number(slots.has(truth.slots[i * truth.k + j]!));
  }
  return hits / truth.counts.reduce((sum, count) => sum + count, 0);
}

/** The closest of rows by a plain loop, as slots. */
function plainSearch(metric: Metric, rows: Map<number, Float32Array>, query: Float32Array, k: number): number[] {
  const distance = plainDistances[metric];
  return [...rows]
    .map(([slot, row]) => ({ slot, far: distance(query, row) }))
    .toSorted((a, b) => a.far - b.far || a.slot - b.slot)
    .slice(0, k)
    .map(({ slot }) => slot);
}

const rows = drawClusters(COUNT, DIMENSION, 1);
const queries = drawClusters(100, DIMENSION, 1, 2);

describe('ivf engine', () => {
  it.each(known)('finds most of the closest at its default effort, with their exact distances, %s', async (metric) => {
    const engine = await make(metric);
    await engine.set(slotsFrom(0, COUNT), rows);
    const truth = await engine.searchExact!(queries, every);
    const distance = vectorDistance(metric as DistanceName);
    const byHand = new Map(
      Array.from({ length: COUNT }, (_, i) => [i, rows.subarray(i * DIMENSION, (i + 1) * DIMENSION)]),
    );
    for (const i of [0, 50]) {
      const query = queries.subarray(i * DIMENSION, (i + 1) * DIMENSION);
      expect([...truth.slots.subarray(i * 10, i * 10 + 10)]).toEqual(plainSearch(metric, byHand, query, 10));
    }
    const found = await engine.search(queries, every);
    expect(recall(found, truth)).toBeGreaterThan(0.93);
    expect(found.counts.every((count) => count === 10)).toBe(true);
    for (let i = 0; i < 1000; i++) {
      const query = queries.subarray(Math.floor(i / 10) * DIMENSION, (Math.floor(i / 10) + 1) * DIMENSION);
      const exact = distance(query, byHand.get(found.slots[i]!)!);
      expect(Math.abs(found.distances[i]! - exact)).toBeLessThan(1e-12 * Math.max(1, Math.abs(exact)));
    }
    const all = await engine.search(queries, { ...every, effort: engine.effort!.most });
    expect(recall(all, truth)).toBeGreaterThan(0.985);
  });

  it.each(known)('answers the same, bit for bit, with every build, %s', async (metric) => {
    const answers: EngineHits[] = [];
    for (const kernel of ['simd', 'scalar', 'auto'] as const) {
      const engine = await make(metric, { kernel });
      await engine.set(slotsFrom(0, 2500), rows.subarray(0, 2500 * DIMENSION));
      answers.push(await engine.search(queries.subarray(0, 20 * DIMENSION), every));
      const state = engine.state!();
      if (kernel === 'simd') continue;
      expect(answers.at(-1)).toEqual(answers[0]);
      expect(state.sections.size).toBe(8);
    }
  });

  it('stays as good through changes of half of it, three times', async () => {
    const engine = await make('cosine');
    await engine.set(slotsFrom(0, COUNT), rows);
    const held = new Map(
      Array.from({ length: COUNT }, (_, i) => [i, rows.subarray(i * DIMENSION, (i + 1) * DIMENSION)]),
    );
    for (let round = 0; round < 3; round++) {
      const gone = [...held.keys()].filter((slot) => (slot * 7 + round) % 4 === 0);
      const replaced = [...held.keys()].filter((slot) => (slot * 7 + round) % 4 === 1);
      await engine.remove(Uint32Array.from(gone));
      for (const slot of gone) held.delete(slot);
      const values = drawClusters(replaced.length + gone.length, DIMENSION, 1, 10 + round);
      const slots = [...replaced, ...gone];
      await engine.set(Uint32Array.from(slots), values);
      slots.forEach((slot, i) => held.set(slot, values.subarray(i * DIMENSION, (i + 1) * DIMENSION)));
    }
    expect(engine.size).toBe(held.size);
    for (const slot of [0, 1, 2, 3, 4001]) expect(engine.row(slot)).toEqual(held.get(slot));
    const truth = await engine.searchExact!(queries, every);
    const first = queries.subarray(0, DIMENSION);
    expect([...truth.slots.subarray(0, 10)]).toEqual(plainSearch('cosine', held, first, 10));
    const churned = recall(await engine.search(queries, every), truth);
    const fresh = await make('cosine');
    await fresh.set(Uint32Array.from(held.keys()), Float32Array.from([...held.values()].flatMap((row) => [...row])));
    expect(churned).toBeGreaterThan(recall(await fresh.search(queries, every), truth) - 0.01);
  });

  it.each(['cosine', 'squared-euclidean'] as const)('returns k of those a filter lets through, %s', async (metric) => {
    const engine = await make(metric);
    await engine.set(slotsFrom(0, COUNT), rows);
    for (const [step, least] of [
      [2, 0.95],
      [10, 0.95],
      [100, 1],
      [1000, 1],
    ] as const) {
      const allowed = new Uint32Array(Math.ceil(COUNT / 32));
      for (let slot = 0; slot < COUNT; slot += step) allowed[slot >>> 5]! |= 1 << (slot & 31);
      const found = await engine.search(queries, { ...every, allowed });
      const k = Math.min(10, COUNT / step);
      expect(found.k).toBe(k);
      expect(found.counts.every((count) => count === k)).toBe(true);
      expect(found.slots.every((slot) => slot % step === 0)).toBe(true);
      expect(recall(found, await engine.searchExact!(queries, { ...every, allowed }))).toBeGreaterThanOrEqual(least);
    }
  });

  it('returns k even when the lists it looks at hold fewer', async () => {
    const engine = await make('cosine', { partitions: 180, probes: 1 });
    await engine.set(slotsFrom(0, COUNT), rows);
    const allowed = new Uint32Array(Math.ceil(COUNT / 32)).fill(0x11111111);
    const { counts } = await engine.search(queries, { ...every, k: 100, allowed });
    expect(counts.every((count) => count === 100)).toBe(true);
  });

  it('keeps to a radius', async () => {
    const engine = await make('euclidean');
    await engine.set(slotsFrom(0, COUNT), rows);
    const truth = await engine.searchExact!(queries, { ...every, radius: 3 });
    const found = await engine.search(queries, { ...every, radius: 3 });
    expect(truth.counts.some((count) => count < 10)).toBe(true);
    expect(found.distances.every((distance) => distance <= 3 || distance === Infinity)).toBe(true);
    expect(recall(found, truth)).toBeGreaterThan(0.95);
    const all = await engine.search(queries.subarray(0, DIMENSION), { ...every, k: COUNT, radius: 3 });
    const within = Array.from({ length: COUNT }, (_, i) => rows.subarray(i * DIMENSION, (i + 1) * DIMENSION));
    const near = within.filter((row) => plainDistances.euclidean(queries.subarray(0, DIMENSION), row) <= 3);
    expect(all.counts[0]).toBe(near.length);
  });

  it('looks at every row while they are few, and has ties in their order', async () => {
    const engine = await make('squared-euclidean', {}, 2);
    await engine.set(slotsFrom(0, 700), new Float32Array(1400).fill(3));
    const { slots, distances } = await engine.search(Float32Array.of(3, 3), every);
    expect([...slots]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...distances]).toEqual(Array.from({ length: 10 }, () => 0));
    expect(engine.effort!.most).toBe(1);
  });

  it.each(known)('gives numbers for rows of any size, equal and of zeros, %s', async (metric) => {
    for (const size of [0, 1e-30, 1e-6, 1e6, 1e18]) {
      const engine = await make(metric, { partitions: 20 });
      const values = rows.subarray(0, 1500 * DIMENSION).map((value, i) => (i < 3000 ? size : value * size));
      await engine.set(slotsFrom(0, 1500), values);
      const found = await engine.search(queries.subarray(0, 5 * DIMENSION), every);
      expect(found.counts.every((count) => count === 10)).toBe(true);
      expect(found.distances.every((distance) => !Number.isNaN(distance))).toBe(true);
    }
  });

  it('learns anew when rows of another kind come', async () => {
    const engine = await make('euclidean');
    await engine.set(slotsFrom(0, 4000), rows.subarray(0, 4000 * DIMENSION));
    const others = drawClusters(2000, DIMENSION, 77).map((value) => value * 3 + 40);
    await engine.set(slotsFrom(4000, 2000), others);
    const some = others.subarray(0, 50 * DIMENSION).map((value) => value + 0.01);
    const truth = await engine.searchExact!(some, every);
    expect(recall(await engine.search(some, every), truth)).toBeGreaterThan(0.93);
    const { meta } = engine.state!() as unknown as { meta: { trained: { fit: { rows: number } } } };
    expect(meta.trained.fit.rows).toBe(6000);
  });

  it('waits with learning for the rows that were announced, and grows by itself after', async () => {
    const engine = await make('cosine');
    engine.reserve!(COUNT);
    await engine.set(slotsFrom(0, 3000), rows.subarray(0, 3000 * DIMENSION));
    expect(engine.effort!.most).toBe(1); // no lists yet
    await engine.set(slotsFrom(3000, 3000), rows.subarray(3000 * DIMENSION));
    expect(engine.effort!.most).toBe(170); // 2.2·√6,000
    const truth = await engine.searchExact!(queries, every);
    expect(recall(await engine.search(queries, every), truth)).toBeGreaterThan(0.93);
  });

  it('is left as it was by an abort', async () => {
    const engine = await make('cosine');
    await engine.set(slotsFrom(0, 500), rows.subarray(0, 500 * DIMENSION));
    const controller = new AbortController();
    const adding = engine.set(slotsFrom(400, 5000), rows.subarray(0, 5000 * DIMENSION), {
      signal: controller.signal,
      onProgress: undefined,
    });
    controller.abort();
    await expect(adding).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: index: the work was cancelled by its signal. What was finished before is kept; call again to go on. [ERR_ABORTED]]`,
    );
    expect(engine.size).toBe(500);
    expect(engine.row(450)).toEqual(rows.slice(450 * DIMENSION, 451 * DIMENSION));
  });

  it('learns anew into a fresh memory when compacted', async () => {
    const engine = await make('cosine');
    await engine.set(slotsFrom(0, COUNT), rows);
    await engine.remove(slotsFrom(1000, 4000));
    const truth = await engine.searchExact!(queries, every);
    const before = engine.bytes;
    await engine.compact!();
    expect(engine.bytes).toBeLessThanOrEqual(before);
    expect(engine.size).toBe(2000);
    expect(await engine.searchExact!(queries, every)).toEqual(truth);
    expect(recall(await engine.search(queries, every), truth)).toBeGreaterThan(0.93);
    await engine.clear();
    expect(engine.size).toBe(0);
  });

  it('works as the engine of an index', async () => {
    const index = createIndex({ dimension: DIMENSION, engine: ivfEngine() });
    await index.add(rows, { labels: Array.from({ length: COUNT }, (_, i) => i % 7) });
    const [neighbors] = await index.search(rows.subarray(0, DIMENSION), { k: 3, filter: { labels: [0] } });
    expect(neighbors![0]).toMatchObject({ id: 0, label: 0, rank: 1, distance: 0 });
    expect(neighbors!.every(({ label }) => label === 0)).toBe(true);
    expect(index.describe().engine).toMatch(/^ivf \(wasm (relaxed-)?simd\)$/);
  });

  it('says what it does not know', async () => {
    await expect(make('manhattan')).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: ivf-engine: metric must be one of 'cosine', 'inner-product', 'euclidean', 'squared-euclidean', 'snr', but got 'manhattan'. Leave metric out to use the default. [ERR_OPTION]]`,
    );
    expect(() => ivfEngine({ lists: 3 } as object)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: ivf-engine: options are partitions, probes, subspaceSize, anisotropic, rerank, seed, threads, kernel, wasm, workerUrl, but got 'lists'. Check the spelling. [ERR_OPTION]]`,
    );
    expect(() => ivfEngine({ subspaceSize: 17 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: ivf-engine: subspaceSize must be at most 16, but got 17. Leave it out for the default. [ERR_OPTION]]`,
    );
    expect(() => ivfEngine({ anisotropic: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: ivf-engine: anisotropic must be a number from 0 to 0.9, but got 1. Leave anisotropic out to use the default. [ERR_OPTION]]`,
    );
    const engine = await make('cosine', { subspaceSize: 2 }, 100_000);
    expect(() => engine.reserve!(11_000)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: ivf-engine: one index must fit into 4294901760 bytes, but got '6052515072 bytes'. Use several indices, a smaller dimension, or remove records and compact. [ERR_MEMORY]]`,
    );
  });
});

/** A state as a file gives it. */
function stored({ kind, version, meta, sections }: EngineState): StoredEngineState {
  const copies = new Map(Array.from(sections, ([name, bytes]) => [name, bytes.slice()]));
  return {
    kind,
    version,
    meta: structuredClone(meta),
    sizes: new Map(Array.from(copies, ([name, bytes]) => [name, bytes.length])),
    read: async (name, into) => into.set(copies.get(name)!),
  };
}

const restore = async (state: StoredEngineState, metric = 'euclidean'): Promise<SearchEngine> =>
  ivfEngine()({ dimension: DIMENSION, metric, order: (slot) => slot, restore: state });

describe('ivf state', () => {
  it.each(['cosine', 'euclidean'] as const)('is gone on from, after changes, %s', async (metric) => {
    const engine = await make(metric);
    await engine.set(slotsFrom(0, 2500), rows.subarray(0, 2500 * DIMENSION));
    await engine.remove(slotsFrom(100, 300));
    engine.effort!.value = 7;
    const copy = await restore(stored(engine.state!()), metric);
    expect(copy.size).toBe(2200);
    expect(copy.effort!.value).toBe(7);
    expect(await copy.search(queries, every)).toEqual(await engine.search(queries, every));
    for (const one of [engine, copy]) {
      await one.set(slotsFrom(200, 50), queries.subarray(0, 50 * DIMENSION));
      await one.remove(slotsFrom(0, 90));
    }
    expect(await copy.search(queries, every)).toEqual(await engine.search(queries, every));
  });

  it('is refused, or read as something that answers, whatever was done to it', async () => {
    const engine = await make('euclidean', { partitions: 12 });
    await engine.set(slotsFrom(0, 1100), rows.subarray(0, 1100 * DIMENSION));
    await engine.remove(slotsFrom(40, 20));
    let state = 5;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let refused = 0;
    for (let round = 0; round < 150; round++) {
      const { kind, version, meta, sections } = engine.state!();
      const broken = new Map(Array.from(sections, ([name, bytes]) => [name, bytes.slice()]));
      const changed = structuredClone(meta) as Record<string, unknown>;
      const [name, bytes] = [...broken][round % broken.size]!;
      if (round % 5 === 0) changed['slots'] = random(3000) - 100;
      else if (round % 5 === 1)
        (changed['trained'] as Record<string, unknown>)['partitions'] = [-1, 0, 11, 13, 1e9, NaN][random(6)];
      else if (round % 5 === 2) broken.set(name, bytes.slice(0, random(bytes.length)));
      else for (let i = 0; i < 4; i++) bytes[random(bytes.length)]! ^= 1 << random(8);
      const file = stored({ kind, version, meta: changed as never, sections: broken });
      try {
        const copy = await restore(file);
        const found = await copy.search(queries.subarray(0, 3 * DIMENSION), every);
        expect(found.counts.every((count) => count === 10)).toBe(true);
        expect(found.distances.every((distance) => distance >= 0)).toBe(true);
      } catch (error) {
        expect((error as { code?: string }).code).toBe('ERR_FILE');
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(80);
  });
});
