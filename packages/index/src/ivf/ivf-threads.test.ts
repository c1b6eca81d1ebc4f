import { expect, it } from 'vitest';
import { drawClusters } from '../../test/draw-clusters.ts';
import type { EngineHits, EngineSearchOptions, SearchEngine } from '../contract.ts';
import { ivfEngine } from './ivf-engine.ts';
import type { IvfOptions } from './ivf-options.ts';

const COUNT = 5000;
const DIMENSION = 20;
const rows = drawClusters(COUNT, DIMENSION, 1);
const queries = drawClusters(500, DIMENSION, 1, 2);
const every: EngineSearchOptions = { k: 10, radius: Infinity, allowed: undefined, signal: undefined };

async function make(options: IvfOptions, metric = 'cosine'): Promise<SearchEngine> {
  const engine = await ivfEngine(options)({ dimension: DIMENSION, metric, order: (slot) => slot });
  const slots = Uint32Array.from({ length: COUNT }, (_, i) => i);
  await engine.set(slots, rows);
  return engine;
}

it.each(['cosine', 'euclidean'])('learns and finds the same on two threads as on one, %s', async (metric) => {
  const [one, two] = await Promise.all([make({}, metric), make({ threads: 2 }, metric)]);
  expect(two.name).toBe(one.name.replace(')', ', 2 threads)'));
  const states = [one.state!(), two.state!()];
  expect(states[1]!.meta).toEqual(states[0]!.meta);
  for (const [name, bytes] of states[0]!.sections) {
    expect(Buffer.compare(bytes, Buffer.from(states[1]!.sections.get(name)!)), name).toBe(0);
  }
  const allowed = Uint32Array.from({ length: Math.ceil(COUNT / 32) }, (_, word) => Math.imul(word, 0x9e3779b1));
  for (const options of [every, { ...every, allowed }, { ...every, effort: 3, radius: 0.5 }, { ...every, k: 200 }]) {
    // Workers are up at some time: often enough that they have had a part.
    const found = one.search(queries, options) as EngineHits;
    for (let i = 0; i < 4; i++) expect(await two.search(queries, options)).toEqual(found);
  }
  await two.clear();
  expect(two.size).toBe(0);
  await two.close!();
});

it('stops by a signal, and when it is closed', async () => {
  const engine = await make({ threads: 2 });
  const many = new Float32Array(8 * queries.length);
  for (let i = 0; i < 8; i++) many.set(queries, i * queries.length);
  const controller = new AbortController();
  const stopped = engine.search(many, { ...every, effort: 150, signal: controller.signal });
  controller.abort();
  await expect(stopped).rejects.toThrow('ERR_ABORTED');
  const single = engine.search(queries.subarray(0, DIMENSION), every);
  expect(single).not.toBeInstanceOf(Promise); // not worth a thread
  const cut = engine.search(many, { ...every, effort: 150 });
  const waiting = engine.search(queries, every);
  const closed = engine.close!();
  const outcomes = await Promise.allSettled([cut, waiting, closed]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(() => engine.search(queries, every)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: ivf-engine: the engine must not be closed. Make a new index. [ERR_STATE]]`,
  );
});

it('compacts into a new memory with threads of its own', async () => {
  const engine = await make({ threads: 2 });
  await engine.search(queries, every);
  await engine.remove(Uint32Array.from({ length: 2000 }, (_, i) => i));
  await engine.compact!();
  const alone = await make({});
  await alone.remove(Uint32Array.from({ length: 2000 }, (_, i) => i));
  await alone.compact!();
  expect(await engine.search(queries, every)).toEqual(alone.search(queries, every));
  await engine.close!();
});
