import { describe, expect, it } from 'vitest';
import { testIndex } from '../../test/index-contract.ts';
import { metrics, plainDistances, type Metric } from '../../test/plain-distances.ts';
import type { EngineHits, EngineSearchOptions, SearchEngine } from '../contract.ts';
import { createIndex } from '../create-index.ts';
import { flatEngine } from './flat-engine.ts';
import type { KernelName } from '../kernel/load-kernel.ts';

const kernels: KernelName[] = [];
for (const kernel of ['relaxed-simd', 'simd', 'scalar'] as const) {
  try {
    await flatEngine({ kernel })({ dimension: 1, metric: 'cosine', order: Number });
    kernels.push(kernel);
  } catch {
    // Node 20 has no relaxed SIMD; the test that wants it all is below.
  }
}
const every: EngineSearchOptions = { k: 10, radius: Infinity, allowed: undefined, signal: undefined };
const make = async (kernel: KernelName, dimension: number, metric: string): Promise<SearchEngine> =>
  flatEngine({ kernel })({ dimension, metric, order: (slot) => slot });
const numbers = (length: number, seed = 1): Float32Array => {
  let state = seed;
  return Float32Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31);
};
const slotsOf = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

/** A row in the direction of `random`, whose distance from the query does not depend on it but for rounding. */
function asFar(metric: Metric, query: Float32Array, random: Float32Array): Float32Array {
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((sum, value, j) => sum + value * b[j]!, 0);
  const share = dot(random, query) / dot(query, query);
  if (metric === 'inner-product')
    return random.map((value) => (value * 50) / Math.max(0.01, Math.abs(dot(random, query))));
  if (metric === 'cosine') {
    const across = Array.from(random, (value, j) => value - share * query[j]!);
    const scale = Math.sqrt(dot(query, query) / dot(across, across));
    return query.map((value, j) => value + scale * across[j]!);
  }
  const mean = metric === 'snr' ? random.reduce((sum, value) => sum + value, 0) / random.length : 0;
  const step = Array.from(random, (value) => value - mean);
  const length =
    metric === 'manhattan' ? step.reduce((sum, value) => sum + Math.abs(value), 0) : Math.sqrt(dot(step, step));
  return query.map((value, j) => value + (20 * step[j]!) / length);
}

for (const kernel of kernels) {
  // Scans of values with the build that has multiply-adds of its own, scans of codes with the other.
  const precision = kernel === 'relaxed-simd' ? 'f32' : 'i8';
  testIndex(`an index on flat (${kernel}, ${precision})`, (options) =>
    createIndex({ ...options, engine: flatEngine({ kernel, precision }) }),
  );
}

describe('flat engine', () => {
  it('runs with SIMD here', () => {
    expect(kernels).toContain('simd');
    expect(kernels).toContain('scalar');
  });

  it.each(metrics)('gives bit for bit the same with every kernel, %s', async (metric) => {
    const rows = numbers(3000 * 33);
    const queries = numbers(70 * 33, 2);
    const answers: EngineHits[] = [];
    for (const kernel of kernels) {
      const engine = await make(kernel, 33, metric);
      await engine.set(slotsOf(3000), rows);
      await engine.remove(Uint32Array.of(0, 17, 2999));
      answers.push(await engine.search(queries, every));
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]!.counts.every((count) => count === 10)).toBe(true);
  });

  it.each(kernels)('answers a query alone as in a batch, %s', async (kernel) => {
    const engine = await make(kernel, 7, 'euclidean');
    await engine.set(slotsOf(5000), numbers(5000 * 7));
    const queries = numbers(6 * 7, 3);
    const together = await engine.search(queries, every);
    for (let i = 0; i < 6; i++) {
      const alone = await engine.search(queries.subarray(i * 7, (i + 1) * 7), every);
      expect(alone.slots).toEqual(together.slots.slice(i * 10, (i + 1) * 10));
      expect(alone.distances).toEqual(together.distances.slice(i * 10, (i + 1) * 10));
    }
  });

  it.each(kernels)('keeps ties in their order when all rows are one, %s', async (kernel) => {
    const backwards = (slot: number): number => -slot;
    const engine = await flatEngine({ kernel })({ dimension: 3, metric: 'cosine', order: backwards });
    await engine.set(
      slotsOf(2000),
      Float32Array.from({ length: 6000 }, (_, i) => [0.3, -0.7, 0.2][i % 3]!),
    );
    const { slots, distances } = await engine.search(Float32Array.of(0.6, -1.4, 0.4, 0, 0, 0), { ...every, k: 3 });
    expect([...slots]).toEqual([1999, 1998, 1997, 1999, 1998, 1997]);
    expect(distances[0]).toBeCloseTo(0, 12);
    expect(Array.from(distances.subarray(3))).toEqual([1, 1, 1]); // a query of zeros
  });

  it.each(kernels)('is 0 between equal rows, whatever their size, %s', async (kernel) => {
    for (const metric of ['cosine', 'euclidean', 'squared-euclidean', 'manhattan', 'snr']) {
      const engine = await make(kernel, 50, metric);
      const rows = numbers(500 * 50).map((value) => 1e6 + value * 1e3);
      await engine.set(slotsOf(500), rows);
      const { slots, distances } = await engine.search(rows.subarray(70 * 50, 71 * 50), { ...every, k: 1 });
      expect([slots[0], distances[0]], metric).toEqual([70, 0]);
    }
  });

  it.each(metrics)('sees differences that float32 sums drown, %s', async (metric) => {
    // 2,000 rows in all directions, each as far from the query as float32 values allow: scores are noise, distances are not.
    const [dimension, count] = [64, 2000];
    const query = numbers(dimension, 7).map((value) => value * (metric === 'manhattan' ? 0.01 : 30));
    const rows = Array.from({ length: count }, (_, i) => asFar(metric, query, numbers(dimension, 100 + i)));
    const distances = rows.map((row) => plainDistances[metric](query, row)).toSorted((a, b) => a - b);
    const values = flatEngine({ precision: 'f32' });
    for (const kernel of [...kernels, 'values'] as const) {
      const engine =
        kernel === 'values'
          ? await values({ dimension, metric, order: Number })
          : await make(kernel, dimension, metric);
      await engine.set(slotsOf(count), Float32Array.from(rows.flatMap((row) => [...row])));
      const found = await engine.search(query, every);
      const tolerance = metric === 'cosine' || metric === 'snr' ? 1e-15 : 1e-13;
      found.distances.forEach((distance, i) =>
        expect(Math.abs(distance - distances[i]!), kernel).toBeLessThan(tolerance * dimension),
      );
    }
    expect((distances[9]! - distances[0]!) / Math.abs(distances[9]!)).toBeLessThan(1e-4);
    expect((distances[9]! - distances[0]!) / Math.abs(distances[9]!)).toBeGreaterThan(1e-11);
  });

  it.each(kernels)('honours a radius, also for all records, %s', async (kernel) => {
    const engine = await make(kernel, 1, 'euclidean');
    await engine.set(
      slotsOf(1000),
      Float32Array.from({ length: 1000 }, (_, i) => i),
    );
    const query = Float32Array.of(10);
    const some = await engine.search(query, { ...every, k: 1000, radius: 2 });
    expect([some.counts[0], ...some.slots.slice(0, 5)]).toEqual([5, 10, 9, 11, 8, 12]);
    expect(some.distances[5]).toBe(Infinity);
    const few = await engine.search(query, { ...every, k: 3, radius: 1 });
    expect([few.counts[0], ...few.slots]).toEqual([3, 10, 9, 11]);
    expect((await engine.search(query, { ...every, radius: -1 })).counts[0]).toBe(0);
    expect((await engine.search(query, { ...every, k: 1000, radius: -1 })).counts[0]).toBe(0);
  });

  it.each(kernels)('returns k allowed rows when k are there, %s', async (kernel) => {
    for (const dimension of [4, 20]) await allowedOnly(kernel, dimension);
  });

  async function allowedOnly(kernel: KernelName, dimension: number): Promise<void> {
    const engine = await make(kernel, dimension, 'squared-euclidean');
    await engine.set(slotsOf(4000), numbers(4000 * dimension));
    for (const allowedSlots of [[3999], [5, 6, 7, 2000], Array.from({ length: 1500 }, (_, i) => i * 2)]) {
      const allowed = new Uint32Array(125);
      for (const slot of allowedSlots) allowed[slot >>> 5]! |= 1 << (slot & 31);
      for (const count of [1, 9]) {
        const { k, counts, slots } = await engine.search(numbers(dimension * count, 9), { ...every, allowed });
        expect(k).toBe(Math.min(10, allowedSlots.length));
        expect(counts.every((one) => one === k)).toBe(true);
        expect([...slots].every((slot) => allowedSlots.includes(slot))).toBe(true);
      }
    }
  }

  it('grows as rows come, and gives memory back when cleared', async () => {
    const engine = await make('simd', 256, 'cosine');
    for (let batch = 0; batch < 20; batch++) {
      await engine.set(
        slotsOf(500).map((slot) => slot + batch * 500),
        numbers(500 * 256, batch + 1),
      );
    }
    expect(engine.size).toBe(10_000);
    expect(engine.row(9_999)).toEqual(numbers(500 * 256, 20).slice(-256));
    expect(engine.bytes).toBeGreaterThan(10_000 * 256 * 5);
    expect(engine.bytes).toBeLessThan(10_000 * 256 * 5 * 1.3);
    for (const options of [{ precision: 'i8' }, { precision: 'f32' }, { kernel: 'scalar' }] as const) {
      const factory = flatEngine(options);
      const exact = await factory({ dimension: 256, metric: 'cosine', order: Number });
      await exact.set(slotsOf(10_000), numbers(10_000 * 256));
      const estimate = factory.estimateBytes!({ count: 10_000, dimension: 256, metric: 'cosine' });
      expect(exact.bytes / estimate).toBeGreaterThan(0.99);
      expect(exact.bytes / estimate).toBeLessThan(1.03);
    }
    await engine.clear();
    expect(engine.size).toBe(0);
    expect(engine.bytes).toBeLessThan(100_000);
  });

  it('says before it takes a row that 4 GiB are not enough', async () => {
    const engine = await make('simd', 100_000, 'cosine');
    await engine.set(Uint32Array.of(0), numbers(100_000));
    // The slot of row 11,000 needs 5.5 GB below it.
    expect(() => engine.set(Uint32Array.of(11_000), numbers(100_000))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: flat-engine: the rows of one index must fit into 4 GiB, but got '5506932544 bytes'. Use several indices, a smaller dimension, or remove records and compact. [ERR_MEMORY]]`,
    );
    expect(engine.size).toBe(1);
    expect((await engine.search(numbers(100_000), every)).counts[0]).toBe(1);
  });

  it('can be stopped between blocks of queries', async () => {
    const engine = await make('simd', 2, 'cosine');
    await engine.set(slotsOf(100), numbers(200));
    const controller = new AbortController();
    const found = engine.search(numbers(2 * 5000), { ...every, signal: controller.signal });
    controller.abort();
    await expect(found).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: index: the work was cancelled by its signal. What was finished before is kept; call again to go on. [ERR_ABORTED]]`,
    );
  });

  it('refuses an unknown metric, option and kernel', async () => {
    await expect(make('simd', 2, 'levenshtein')).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: vector-distance: name must be one of angular, chebyshev, cosine, euclidean, hamming, inner-product, jaccard, manhattan, snr, squared-euclidean, or minkowski-P with P from 1 to 1000, or normalized- before one that depends on length, but got 'levenshtein'. Check the spelling. [ERR_OPTION]]`,
    );
    expect(() => flatEngine({ kernels: 'simd' } as object)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: flat-engine: options are kernel, precision, wasm, but got 'kernels'. Check the spelling. [ERR_OPTION]]`,
    );
    expect(() => flatEngine({ kernel: 'avx' as 'simd' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: flat-engine: kernel must be one of 'auto', 'relaxed-simd', 'simd', 'scalar', but got 'avx'. Leave kernel out to use the default. [ERR_OPTION]]`,
    );
  });
});
