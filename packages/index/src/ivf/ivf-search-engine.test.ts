import { expect, it } from 'vitest';
import type { EngineHits, EngineSearchOptions } from '../contract.ts';
import { ivfEngine } from './ivf-engine.ts';

it('answers searches that overlap as one after the other, with filters and signals', async () => {
  const [count, dimension] = [6000, 8];
  const numbers = (length: number, from: number): Float32Array =>
    Float32Array.from({ length }, (_, i) => Math.sin((i + from) ** 2));
  const engine = await ivfEngine()({ dimension, metric: 'euclidean', order: (slot) => slot });
  await engine.set(
    Uint32Array.from({ length: count }, (_, i) => i),
    numbers(count * dimension, 0),
  );
  const { signal } = new AbortController();
  // Half of the rows, other ones each time; so many queries that a search lets others have a turn.
  const searches = Array.from({ length: 4 }, (_, i): [Float32Array, EngineSearchOptions] => {
    const allowed = Uint32Array.from({ length: Math.ceil(count / 32) }, (__, word) => Math.imul(word + i, 0x9e3779b1));
    const options = {
      k: 5,
      radius: Infinity,
      allowed: i % 2 ? allowed : undefined,
      signal: i < 3 ? signal : undefined,
    };
    return [numbers(4000 * dimension, 1e5 * (i + 1)), options];
  });
  const alone: EngineHits[] = [];
  for (const [queries, options] of searches) alone.push(await engine.search(queries, options));
  const together = searches.map(async ([queries, options]) => engine.search(queries, options));
  const differs = (await Promise.all(together)).map(({ slots }, i) =>
    slots.some((slot, at) => slot !== alone[i]!.slots[at]),
  );
  expect(differs).toEqual([false, false, false, false]);
});
