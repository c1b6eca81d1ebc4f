import { SimileError } from '@simile/core/errors';
import { describe, expect, it } from 'vitest';
import type { Progress, SearchEngineFactory, VectorIndex } from './contract.ts';
import { createIndex } from './create-index.ts';
import { flatEngine } from './flat/flat-engine.ts';

const exact = flatEngine({ kernel: 'scalar' });
const line = (begin: number, end: number): Float32Array =>
  Float32Array.from({ length: end - begin }, (_, i) => begin + i);
const contents = (index: VectorIndex): unknown =>
  [...index].map(({ id, label, data, vector }) => [id, label, data, vector[0]]);

/** An engine that fails when it is given the value 4,000, as one without room for more would. */
const failing: SearchEngineFactory = async (options) => {
  const inner = await exact(options);
  const { set } = inner;
  return Object.assign(inner, {
    set(...args: Parameters<typeof set>) {
      if (args[1].includes(4000)) throw new Error('no room');
      return set.apply(inner, args);
    },
  });
};

/** Hundred records at 0 … 99, and what they are. */
async function hundred(engine: SearchEngineFactory = exact): Promise<{ index: VectorIndex; before: unknown }> {
  const index = createIndex({ dimension: 1, metric: 'euclidean', engine });
  const labels = Array.from({ length: 100 }, (_, i) => `label ${i}`);
  await index.add(line(0, 100), { labels, data: labels.map((label) => ({ label })) });
  await index.remove([3, 50]);
  return { index, before: contents(index) };
}

describe('a long add', () => {
  it('lets searches run between its parts, which see whole records, and other changes only after it', async () => {
    const { index } = await hundred();
    const labels = Array.from({ length: 8000 }, (_, i) => `new ${i}`);
    const events: string[] = [];
    const added = index.add(line(1000, 9000), { labels }).then(() => events.push('added'));
    const found = index.search(Float32Array.of(9000), { k: 1 }).then((lists) => {
      events.push('found');
      return lists[0]![0]!;
    });
    const removed = index.remove(0).then(() => events.push('removed'));
    const late = index.search(Float32Array.of(0), { k: 1 }).then(() => events.push('late'));
    await Promise.all([added, found, removed, late]);
    expect(events).toEqual(['found', 'added', 'removed', 'late']);
    expect(await found).toMatchObject({ label: 'new 1023', distance: 9000 - 2023 }); // the last of the first part
    expect(index.size).toBe(8097);
  });

  it('tells how far it is', async () => {
    const { index } = await hundred();
    const told: Progress[] = [];
    await index.add(line(1000, 9000), { onProgress: (progress) => told.push(progress) });
    expect(told[0]).toEqual({ done: 1024, total: 8000 });
    expect(told.at(-1)).toEqual({ done: 8000, total: 8000 });
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b));
  });

  it('leaves all as it was when it is stopped', async () => {
    const { index, before } = await hundred();
    const stop = new AbortController();
    const ids = Array.from({ length: 8000 }, (_, i) => i + 40); // replaces 59 records, one of which is new
    const add = index.upsert(line(1000, 9000), { ids, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(add).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    expect(contents(index)).toEqual(before);
    const [list] = await index.search(Float32Array.of(99.2), { k: 2 });
    expect(list!.map(({ id, label }) => [id, label])).toEqual([
      [99, 'label 99'],
      [98, 'label 98'],
    ]);
    expect(await index.add(line(0, 3))).toEqual([100, 101, 102]);
    await expect(index.add(line(0, 3), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    expect(index.size).toBe(101);
  });

  it('leaves all as it was when the engine fails in the middle', async () => {
    const { index, before } = await hundred(failing);
    await expect(index.add(line(1000, 9000))).rejects.toThrow('no room');
    expect(contents(index)).toEqual(before);
    expect(await index.add(line(0, 1))).toEqual([100]);
  });

  it('is refused before it begins where the engine has no room', async () => {
    let sets = 0;
    const cramped: SearchEngineFactory = async (options) => {
      const inner = await exact(options);
      const { set } = inner;
      return Object.assign(inner, {
        reserve(slots: number) {
          if (slots > 5000)
            throw new SimileError({ where: 'cramped', rule: 'rows must fit', remedy: 'x.', code: 'ERR_MEMORY' });
        },
        set: (...args: Parameters<typeof set>) => (sets++, set.apply(inner, args)),
      });
    };
    const { index, before } = await hundred(cramped);
    sets = 0;
    await expect(index.add(line(1000, 9000))).rejects.toMatchObject({ code: 'ERR_MEMORY' });
    expect([sets, contents(index)]).toEqual([0, before]);
    await index.add(line(1000, 5000));
    expect(index.size).toBe(4098);
  });

  it('leaves an index without records as it was', async () => {
    let closed = 0;
    const engine: SearchEngineFactory = async (options) =>
      Object.assign(await failing(options), { close: () => closed++ });
    const index = createIndex({ metric: 'euclidean', engine });
    const rows = line(-60_000, 5000);
    const add = index.add({ data: rows, shape: [rows.length, 1] });
    await expect(add).rejects.toThrow('no room');
    expect([index.size, index.dimension, [...index], closed]).toEqual([0, undefined, [], 1]);
    expect(await index.add({ data: line(1, 5), shape: [2, 2] })).toEqual([0, 1]);
  });
});
