import type { LabelledItems } from '@simile/core/items';
import { mnist } from '@simile/datasets';
import { describe, expect, it } from 'vitest';
import type { SearchEngineFactory, VectorIndex } from '../contract.ts';
import { createIndex, indexFromBytes } from '../create-index.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { hnswEngine } from '../hnsw/hnsw-engine.ts';

const DIMENSION = 196;
const [train, test] = await Promise.all([mnist({ split: 'train' }), mnist({ split: 'test' })]);

/** Digits in 14 × 14 pixels, each the mean of four: real vectors, with neighbours. */
function digits({ x }: LabelledItems<Uint8Array>, begin: number, end: number): Float32Array {
  const rows = new Float32Array((end - begin) * DIMENSION);
  for (let image = begin, at = 0; image < end; image++) {
    for (let pixel = 0; pixel < DIMENSION; pixel++, at++) {
      const first = image * 784 + Math.floor(pixel / 14) * 56 + (pixel % 14) * 2;
      rows[at] = (x.data[first]! + x.data[first + 1]! + x.data[first + 28]! + x.data[first + 29]!) / 4;
    }
  }
  return rows;
}

/** Squares of the distances of each query to each row, by a plain loop. */
function squares(base: Float32Array, queries: Float32Array): Float64Array[] {
  const all: Float64Array[] = [];
  for (let query = 0; query < queries.length; query += DIMENSION) {
    const row = new Float64Array(base.length / DIMENSION);
    for (let at = 0; at < base.length; at++)
      row[Math.floor(at / DIMENSION)]! += (queries[query + (at % DIMENSION)]! - base[at]!) ** 2;
    all.push(row);
  }
  return all;
}

/** Share of the ten closest that the index finds, for vectors that it does not hold. */
async function heldOut(index: VectorIndex, queries: Float32Array, truth: readonly Float64Array[]): Promise<number> {
  const lists = await index.search(queries, { k: 10 });
  const right = lists.map((list, q) => {
    const last = truth[q]!.toSorted()[9]!;
    return list.filter(({ id }) => truth[q]![id as number]! <= last).length;
  });
  return right.reduce((sum, count) => sum + count, 0) / (lists.length * 10);
}

// A poor graph, so that there is something to tune on so few rows.
const poor = hnswEngine({ M: 4, efConstruction: 12, precision: 'binary', efSearch: 1 });

describe('index.tune and index.measure', () => {
  it('predict the recall of vectors that are not in the index', async () => {
    const [base, queries] = [digits(train, 0, 3000), digits(test, 0, 300)];
    const truth = squares(base, queries);
    const index = createIndex({ dimension: DIMENSION, metric: 'euclidean', engine: poor });
    await index.add(base);
    for (const target of [0.8, 0.95]) {
      const { recall, reached, effort, k } = await index.tune({ recall: target });
      expect([reached, k, effort!.name]).toEqual([true, 10, 'efSearch']);
      expect(recall).toBeGreaterThanOrEqual(target);
      expect(Math.abs((await heldOut(index, queries, truth)) - recall)).toBeLessThan(0.04);
      // What is measured with queries of one's own is what a plain loop finds.
      const measured = await index.measure({ queries });
      expect(measured.recall).toBeCloseTo(await heldOut(index, queries, truth), 10);
      expect(measured).toMatchObject({ k: 10, queries: 300, effort, engine: index.describe().engine });
      expect(measured.bytesPerVector).toBe(index.describe().bytes / 3000);
      expect(measured.latency.p95).toBeGreaterThanOrEqual(measured.latency.median);
      expect(measured.latency.median).toBeGreaterThan(0);
    }
    const less = await index.measure({ queries, effort: 1 });
    expect(less.effort!.value).toBe(1);
    expect(less.recall).toBeLessThan((await index.measure({ queries })).recall);
  });

  it('do the same again for a seed', async () => {
    const index = createIndex({ dimension: DIMENSION, engine: poor });
    await index.add(digits(train, 0, 1000));
    const first = await index.tune({ recall: 0.9, seed: 5 });
    expect(await index.tune({ recall: 0.9, seed: 5 })).toEqual(first);
    const recall = async (seed: number): Promise<number> => (await index.measure({ seed })).recall;
    expect(await recall(3)).toBe(await recall(3));
    expect(await recall(3)).not.toBe(await recall(4));
  });

  it('tune again once the index has grown by half', async () => {
    let tuned = 0;
    const engine: SearchEngineFactory = async (options) => {
      const inner = await poor(options);
      const { searchExact } = inner;
      return Object.assign(inner, {
        searchExact: (...args: Parameters<NonNullable<typeof searchExact>>) => (
          tuned++,
          searchExact!.apply(inner, args)
        ),
      });
    };
    const index = createIndex({ dimension: DIMENSION, engine, recall: 0.9 });
    const counts: number[] = [];
    for (const count of [1000, 400, 90, 10, 700, 100]) {
      await index.add(digits(train, index.size, index.size + count));
      counts.push(tuned);
    }
    // at 1,000, then at 1,500 and not before, then not before 2,250
    expect(counts).toEqual([1, 1, 1, 2, 2, 3]);
    expect((await index.measure({ sample: 500 })).recall).toBeGreaterThan(0.85);
  });

  it('keep what a file brings, and tune an engine that had to be built', async () => {
    const index = createIndex({ dimension: DIMENSION, engine: poor, recall: 0.9 });
    await index.add(digits(train, 0, 1000));
    const { effort } = await index.measure();
    expect(effort!.value).toBeGreaterThan(1);
    const bytes = index.toBytes();
    const restored = await indexFromBytes(bytes, { engine: poor, recall: 0.5 });
    expect((await restored.measure()).effort).toEqual(effort);
    await restored.add(digits(train, 1000, 1400));
    expect((await restored.measure()).effort).toEqual(effort); // not yet half as many again
    const built = await indexFromBytes(bytes, {
      engine: hnswEngine({ M: 5, efConstruction: 12, efSearch: 1 }),
      recall: 0.9,
    });
    const measured = await built.measure();
    expect(measured.effort!.value).toBeGreaterThan(1);
    expect(measured.recall).toBeGreaterThanOrEqual(0.9);
  });

  it('say of an exact index that it finds all', async () => {
    const index = createIndex({ dimension: DIMENSION, engine: flatEngine({ kernel: 'scalar' }) });
    await index.add(digits(train, 0, 300));
    expect(await index.tune({ recall: 0.5 })).toEqual({
      effort: undefined,
      recall: 1,
      reached: true,
      k: 10,
      queries: 200,
    });
    expect(await index.measure({ k: 500, sample: 50 })).toMatchObject({
      recall: 1,
      k: 300,
      queries: 50,
      effort: undefined,
    });
  });

  it('work with one record, and with two', async () => {
    const index = createIndex({ dimension: DIMENSION, engine: poor });
    for (const size of [1, 2]) {
      await index.add(digits(train, size, size + 1));
      expect(await index.tune()).toMatchObject({ recall: 1, reached: true, k: size, queries: size });
    }
  });

  it('refuse what they cannot do, and say why', async () => {
    const index = createIndex({ dimension: 2 });
    const message = async (promise: Promise<unknown>): Promise<string> =>
      promise.then(String, (error: unknown) => (error as Error).message);
    const messages = [await message(index.tune()), await message(index.measure())];
    await index.add(Float32Array.of(1, 2));
    messages.push(
      await message(index.tune({ recall: 2 })),
      await message(index.tune({ effort: 3 } as object)),
      await message(index.measure({ sample: 0 })),
      await message(index.measure({ queries: Float32Array.of(NaN, 1) })),
      await message(index.measure({ signal: AbortSignal.abort() })),
    );
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "index.tune: the index must have records, but got 'none'. Add some first. [ERR_STATE]
      index.measure: the index must have records, but got 'none'. Add some first. [ERR_STATE]
      index.tune: recall must be a number above 0, at most 1, but got 2. Leave it out to use the default. [ERR_OPTION]
      index.tune: options are queries, k, sample, seed, signal, recall, but got 'effort'. Check the spelling. [ERR_OPTION]
      index.measure: sample must be a whole number of at least 1, but got 0. Leave sample out to use the default. [ERR_OPTION]
      index.measure: row 0 of the vectors must be finite, but got NaN. Look at what made that row: a loss that overflowed, or a broken input. [ERR_NAN]
      index: the work was cancelled by its signal. What was finished before is kept; call again to go on. [ERR_ABORTED]"
    `);
  });
});
