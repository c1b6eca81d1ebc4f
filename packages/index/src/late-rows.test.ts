import { beforeAll, describe, expect, it, vi } from 'vitest';
import { SimileError } from '@simile/core/errors';
import { randomNumbers } from '../test/random-changes.ts';
import type { EngineSearchOptions, EngineState, SearchEngine, StoredEngineState } from './contract.ts';
import { hnswEngine } from './hnsw/hnsw-engine.ts';
import { ivfEngine } from './ivf/ivf-engine.ts';

const COUNT = 20_000;
const DIMENSION = 6;
const numbers = randomNumbers(5);
const rows = Float32Array.from({ length: COUNT * DIMENSION }, () => numbers() - 0.5);
const slots = Uint32Array.from({ length: COUNT }, (_, slot) => slot);
const given = { dimension: DIMENSION, metric: 'euclidean', order: (slot: number): number => slot, slots };
const rowOf = (slot: number): Float32Array => rows.slice(slot * DIMENSION, (slot + 1) * DIMENSION);
const one = (k: number, more: Partial<EngineSearchOptions> = {}): EngineSearchOptions => ({
  k,
  radius: Infinity,
  allowed: undefined,
  signal: undefined,
  ...more,
});

const engines = {
  hnsw: hnswEngine({ M: 4, efConstruction: 16, efSearch: 40, seed: 3 }),
  ivf: ivfEngine(),
};

describe.each(['hnsw', 'ivf'] as const)('rows of %s that are still being read', (name) => {
  const engineOf = engines[name];
  let whole: SearchEngine;
  let state: EngineState;
  beforeAll(async () => {
    whole = await engineOf(given);
    await whole.set(slots, rows);
    const { sections, ...rest } = whole.state!();
    state = { ...rest, sections: new Map([...sections].map(([name, bytes]) => [name, bytes.slice()])) };
  });

  /** The engine restored, while its rows are held back until `release`, and how many were fetched one by one. */
  async function restored(): Promise<{
    engine: SearchEngine;
    release: (error?: Error) => void;
    fetched: () => number;
  }> {
    let fetched = 0;
    let release: (error?: Error) => void = () => undefined;
    const held = new Promise<void>((resolve, reject) => {
      release = (error) => (error ? reject(error) : resolve());
    });
    const stored: StoredEngineState = {
      kind: state.kind,
      version: state.version,
      meta: state.meta,
      sizes: new Map([...state.sections].map(([name, { length }]) => [name, length])),
      read: async (name, into) => {
        if (name === 'rows') await held;
        into.set(state.sections.get(name)!);
      },
      readNow: (name, at, into) => {
        fetched++;
        into.set(state.sections.get(name)!.subarray(at, at + into.length));
      },
    };
    return { engine: await engineOf({ ...given, restore: stored }), release, fetched: () => fetched };
  }

  it('answers queries as it will when they are there, from the rows of a few nodes', async () => {
    const { engine, release, fetched } = await restored();
    for (const k of [1, 10, 150]) {
      const query = rowOf(17 * k).map((value) => value + 0.01);
      expect(engine.search(query, one(k))).toEqual(await whole.search(query, one(k)));
    }
    expect(fetched()).toBeGreaterThan(0);
    expect(fetched()).toBeLessThan(600);
    expect(engine.row(12_345)).toEqual(rowOf(12_345));
    release();
    await engine.prepareState?.();
    const before = fetched();
    expect(engine.search(rowOf(7), one(5))).toEqual(await whole.search(rowOf(7), one(5)));
    expect(fetched()).toBe(before);
    await engine.close?.();
  });

  it('reads the others by itself, some time after', async () => {
    const { engine, release } = await restored();
    release();
    expect(engine.prepareState).toBeTypeOf('function');
    await vi.waitUntil(() => engine.prepareState === undefined);
    expect(engine.row(5)).toEqual(rowOf(5));
    await engine.close?.();
  });

  it('gives its whole state at once', async () => {
    const { engine, release } = await restored();
    const { sections } = engine.state!();
    for (const [name, bytes] of state.sections) expect(Buffer.compare(sections.get(name)!, bytes), name).toBe(0);
    release();
    await engine.close?.();
  });

  it('lets wait what needs all rows, and changes', async () => {
    const { engine, release, fetched } = await restored();
    const done: string[] = [];
    const note = (name: string, work: unknown): Promise<unknown> =>
      Promise.resolve(work).then((value) => (done.push(name), value));
    const two = Float32Array.of(...rowOf(1), ...rowOf(2));
    const allowed = new Uint32Array(Math.ceil(COUNT / 32)).fill(0xffff);
    const waiting = [
      note('two', engine.search(two, one(3))),
      note('exact', engine.searchExact!(rowOf(3), one(3))),
      note('allowed', engine.search(rowOf(4), one(3, { allowed }))),
      note('many', engine.search(rowOf(5), one(5000))),
    ];
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([done, fetched()]).toEqual([[], 0]);
    release();
    const [hits, exact, some, many] = await Promise.all(waiting);
    expect(hits).toEqual(await whole.search(two, one(3)));
    expect(exact).toEqual(await whole.searchExact!(rowOf(3), one(3)));
    expect(some).toEqual(await whole.search(rowOf(4), one(3, { allowed })));
    expect(many).toEqual(await whole.search(rowOf(5), one(5000)));
    await engine.close?.();
  });

  it('takes rows, removals and room only after', async () => {
    const { engine, release } = await restored();
    const far = new Float32Array(DIMENSION).fill(9);
    const reserved = engine.reserve!(2 * COUNT);
    const work = Promise.all([engine.set(Uint32Array.of(COUNT), far), engine.remove(Uint32Array.of(8)), reserved]);
    expect(engine.size).toBe(COUNT);
    release();
    await work;
    expect(engine.size).toBe(COUNT);
    expect(engine.row(COUNT)).toEqual(far);
    expect(engine.row(19_999)).toEqual(rowOf(19_999));
    await engine.clear();
    expect(engine.size).toBe(0);
    await engine.close?.();
  });

  it('says that the rest is damaged once that is known', async () => {
    const { engine, release } = await restored();
    const damage = new SimileError({ where: 'test', rule: 'rows must be whole', remedy: 'None.', code: 'ERR_FILE' });
    release(damage);
    await expect(engine.prepareState!()).rejects.toThrow(damage);
    expect(() => engine.search(rowOf(1), one(1))).toThrow(damage);
    expect(() => engine.row(1)).toThrow(damage);
    expect(() => engine.state!()).toThrow(damage);
    await expect(engine.set(Uint32Array.of(1), rowOf(1))).rejects.toThrow(damage);
    await engine.close?.();
  });
});
