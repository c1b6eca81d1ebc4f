import { expect, it } from 'vitest';
import type { EngineHits, EngineSearchOptions } from '../contract.ts';
import { hnswEngine } from './hnsw-engine.ts';

it.each([1, 2])('answers searches that overlap as one after the other, %s threads', async (threads) => {
  const [count, dimension] = [1000, 8];
  const numbers = (length: number, from: number): Float32Array =>
    Float32Array.from({ length }, (_, i) => Math.sin((i + from) ** 2));
  const engine = await hnswEngine({ threads, M: 8, efConstruction: 20 })({
    dimension,
    metric: 'euclidean',
    order: (slot) => slot,
  });
  await engine.set(
    Uint32Array.from({ length: count }, (_, i) => i),
    numbers(count * dimension, 0),
  );
  const every: EngineSearchOptions = { k: 5, radius: Infinity, allowed: undefined, signal: undefined };
  const batches = Array.from({ length: 8 }, (_, i) => numbers(300 * dimension, 1e5 * (i + 1)));
  const alone: EngineHits[] = [];
  for (const queries of batches) alone.push(await engine.search(queries, every));
  expect(await Promise.all(batches.map((queries) => engine.search(queries, every)))).toEqual(alone);
  await engine.close!();
});
