import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import type { EngineSearchOptions, SearchEngine, StoredEngineState } from '../contract.ts';
import { createIndex, indexFromBytes } from '../create-index.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { shardedEngine } from './sharded-engine.ts';
import { workerEngine, type WorkerEngineOptions } from './worker-engine.ts';

const every: EngineSearchOptions = { k: 10, radius: Infinity, allowed: undefined, signal: undefined };
const slotsOf = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);
const numbers = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.fround(Math.sin(i * i)));

const made: Worker[] = [];
afterAll(async () => void (await Promise.all(made.map((worker) => worker.terminate()))));

/** Workers from sources; what the built package does by itself is tested in tooling/bundles. */
function fromSource(file: string): () => Worker {
  return () => {
    const worker = new Worker(new URL(file, import.meta.url), { execArgv: ['--conditions=source'] });
    made.push(worker);
    return worker;
  };
}
const own = fromSource('./engine-worker.ts');
const ofList = fromSource('../../test/list-worker.ts');

const make = async (options: WorkerEngineOptions = {}, more = {}): Promise<SearchEngine> =>
  workerEngine({ worker: own, engine: 'flat', ...options })({
    dimension: 2,
    metric: 'euclidean',
    order: (slot) => slot,
    ...more,
  });

describe('worker engine', () => {
  it('answers as the engine does, with ties in the order of adding', async () => {
    const order = (slot: number): number => -slot;
    const options = { dimension: 2, metric: 'euclidean', order };
    const rows = numbers(2000).map((value) => Math.round(value * 4));
    const here = await flatEngine()(options);
    const there = await workerEngine({ worker: own, engine: 'flat' })(options);
    for (const engine of [here, there]) {
      await engine.set(slotsOf(500), rows.subarray(0, 1000));
      await engine.search(rows.subarray(0, 2), every);
      await engine.set(
        slotsOf(500).map((slot) => slot + 500),
        rows.subarray(1000),
      );
      await engine.remove(Uint32Array.of(3, 500, 999));
    }
    const queries = numbers(10);
    for (const how of [{}, { k: 5000 }, { radius: 1 }, { allowed: Uint32Array.of(6, 1) }]) {
      expect(await there.search(queries, { ...every, ...how })).toEqual(
        await here.search(queries, { ...every, ...how }),
      );
    }
    expect(queries).toEqual(numbers(10)); // still ours
    expect([there.size, there.name, there.row(998)]).toEqual([997, `worker with ${here.name}`, here.row(998)]);
    expect(there.bytes).toBeGreaterThan(here.bytes);
    await there.clear();
    expect(there.size).toBe(0);
    await there.close!();
  });

  it('throws what the engine throws', async () => {
    await expect(make({}, { metric: 'levenshtein' })).rejects.toMatchObject({
      code: 'ERR_OPTION',
      where: 'vector-distance',
    });
    const controller = new AbortController();
    const engine = await make();
    await engine.set(slotsOf(1000), numbers(2000));
    const found = engine.search(numbers(2 * 20_000), { ...every, signal: controller.signal });
    setTimeout(() => controller.abort(), 1);
    await expect(found).rejects.toMatchObject({ code: 'ERR_ABORTED', where: 'index' });
    expect((await engine.search(numbers(2), every)).counts[0]).toBe(10);
    await engine.close!();
    await expect(engine.search(numbers(2), every)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: worker-engine: nothing may be called after close. Make a new one. [ERR_STATE]]`,
    );
  });

  it('holds a few calls, lets some wait, and refuses more', async () => {
    const engine = await make({ queue: 2 });
    await engine.set(slotsOf(100), numbers(200));
    const calls = Array.from({ length: 7 }, () => engine.search(numbers(2), every));
    const statuses = (await Promise.allSettled(calls)).map(({ status }) => status);
    expect(statuses).toEqual([...Array.from({ length: 6 }, () => 'fulfilled'), 'rejected']);
    await expect(calls[6]).rejects.toThrow('worker-engine: at most 2 calls may wait.');
    await engine.close!();
  });

  it('serves an engine of one’s own, with effort, exact search, progress and state', async () => {
    const engine = await make({ worker: ofList });
    const told: number[] = [];
    await engine.set(slotsOf(4), numbers(8), { signal: undefined, onProgress: ({ done }) => told.push(done) });
    expect(told).toEqual([4]);
    expect(engine.effort).toEqual({ name: 'looks', value: 3, least: 1, most: 9 });
    engine.effort!.value = 7;
    const looks = async (options = {}): Promise<number> =>
      (await engine.search(numbers(2), { ...every, ...options })).distances[0]!;
    expect([await looks(), await looks({ effort: 2 })]).toEqual([7, 2]);
    expect((await engine.searchExact!(numbers(2), every)).distances[0]).toBe(1000);
    await engine.compact!();
    expect(engine.state).toBeUndefined();
    await engine.prepareState!();
    const { kind, version, meta, sections } = engine.state!();
    expect([kind, version, meta]).toEqual(['list', 1, { slots: [0, 1, 2, 3], effort: 7, compacted: true }]);
    expect(engine.state).toBeUndefined(); // given once
    await engine.prepareState!();
    await engine.remove(Uint32Array.of(3));
    expect(engine.state).toBeUndefined(); // it is of before

    const restore: StoredEngineState = {
      kind,
      version,
      meta,
      sizes: new Map([...sections].map(([name, bytes]) => [name, bytes.length])),
      read: async (name, into) => into.set(sections.get(name)!),
    };
    const again = await make({ worker: ofList }, { restore, slots: slotsOf(4) });
    expect([again.size, again.row(3), again.effort!.value]).toEqual([4, numbers(8).slice(6), 7]);
    const broken = { ...restore, read: () => Promise.reject(new Error('the disk is gone')) };
    await expect(make({ worker: ofList }, { restore: broken, slots: slotsOf(4) })).rejects.toThrow('the disk is gone');
    await Promise.all([engine, again].map((each) => each.close!()));
  });

  it('fetches the state of shards in workers', async () => {
    const engine = shardedEngine({ shards: 2, engine: workerEngine({ worker: ofList }) });
    const made = await engine({ dimension: 2, metric: 'euclidean', order: (slot) => slot });
    await made.set(slotsOf(3), numbers(6));
    expect(made.state).toBeUndefined();
    await made.prepareState!();
    expect(new Map([...made.state!().sections].map(([name, bytes]) => [name, bytes.length]))).toEqual(
      new Map([
        ['0.rows', 16],
        ['1.rows', 8],
      ]),
    );
    await made.close!();
  });

  it('says when the worker is gone', async () => {
    const engine = await make({ worker: ofList });
    const found = engine.search(Float32Array.of(-1, -1), every); // told to end the process
    await expect(found).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: worker-engine: the worker must be there (the worker ended). Make a new index, from its file if there is one. Where a policy lets no script start from a text, pass url. [ERR_BACKEND]]`,
    );
    await expect(engine.search(numbers(2), every)).rejects.toThrow('ERR_BACKEND');
    await expect(make({ worker: fromSource('./not-there.js') })).rejects.toThrow('ERR_BACKEND');
  });

  it('keeps an index, in shards too, and its file', async () => {
    const engine = shardedEngine({
      shards: 2,
      engine: workerEngine({ worker: own, engine: 'flat', options: { kernel: 'scalar' } }),
    });
    const index = createIndex({ dimension: 2, engine });
    await index.add(numbers(40));
    await index.remove([3]);
    expect(index.describe().engine).toBe('2 shards of worker with flat (scalar)');
    const copy = await indexFromBytes(index.toBytes());
    expect(await copy.search(numbers(4))).toEqual(await index.search(numbers(4)));
    await index.close();
  });

  it('refuses what it does not know, or cannot send', async () => {
    expect(() => workerEngine({ engines: 'flat' } as never)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: worker-engine: options are engine, options, worker, url, queue, but got 'engines'. Check the spelling. [ERR_OPTION]]`,
    );
    await expect(make({ engine: 'tree' as never })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: worker-engine: engine must be one of 'auto', 'flat', 'hnsw', 'ivf', but got 'tree'. Leave engine out to use the default. [ERR_OPTION]]`,
    );
    await expect(make({ options: { kernel: (() => {}) as never } })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: worker-engine: options must be what can be sent to a worker (() => {} could not be cloned.). Leave functions out, or make the engine in a worker of your own with serveEngine. [ERR_OPTION]]`,
    );
  });
});
