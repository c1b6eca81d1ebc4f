import { describe, expect, it } from 'vitest';
import type { Id, Label, VectorIndex } from '../contract.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { plainEngine } from '../../test/plain-engine.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { openStored, type OpenIndexOptions } from './open-index.ts';

/** What an index must hold, by id. */
type Model = ReadonlyMap<Id, { readonly label: Label | null; readonly row: string }>;

/** Numbers from a seed: xorshift. */
function numbers(seed: number): () => number {
  let state = (seed * 2654435761 + 88675123) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const modelOf = (index: VectorIndex): Model =>
  new Map([...index].map(({ id, label, vector }) => [id, { label, row: vector.join() }]));

/** One random change: what it does to an index, and what it does to a model. */
function drawChange(random: () => number, model: Model, serial: number) {
  const whole = (below: number): number => Math.floor(random() * below);
  const kind = random();
  const next = new Map(model);
  if (kind < 0.55 || model.size === 0) {
    const count = 1 + whole(4);
    const ids = Array.from({ length: count }, (_, i): Id => {
      const id = random() < 0.3 ? whole(12) : serial * 10 + i + 100;
      return id % 3 === 0 ? `id ${id}` : id;
    }).filter((id, i, all) => all.indexOf(id) === i);
    // Each row its own, so that a search for it finds no other at distance 0.
    const rows = Float32Array.from({ length: ids.length * 2 }, (_, i) => (i % 2 ? Math.floor(i / 2) : serial));
    const labels = ids.map((_, i) => (i % 2 ? null : `label ${serial}`));
    ids.forEach((id, i) => next.set(id, { label: labels[i]!, row: `${serial},${i}` }));
    return { next, run: (index: VectorIndex) => index.upsert(rows, { ids, labels }) };
  }
  if (kind < 0.8) {
    const ids = [...model.keys()].filter(() => random() < 0.3);
    for (const id of ids) next.delete(id);
    return { next, run: (index: VectorIndex) => index.remove(ids) };
  }
  if (kind < 0.85) return { next: new Map() as Model, run: (index: VectorIndex) => index.clear() };
  if (kind < 0.93) return { next, run: (index: VectorIndex) => index.compact() };
  return { next, run: (index: VectorIndex) => (index as { save?: () => Promise<void> }).save!() };
}

/** Works on an index until it is stopped; gives every state that it may be found in. */
async function workUntilStopped(store: MemoryStore, before: Model, seed: number, options: OpenIndexOptions) {
  const random = numbers(seed);
  let model = before;
  let possible: Model[] = [model];
  try {
    const index = await openStored(store, options);
    expect(plain(modelOf(index))).toBe(plain(before));
    for (let serial = seed; ; serial++) {
      const { next, run } = drawChange(random, model, serial);
      possible.push(next); // begun, so it may be there
      await run(index);
      model = next;
      // Confirmed: nothing before it may be found any more, unless confirmed does not mean safe.
      possible = options.durability === 'relaxed' ? [...possible] : [model];
      if (options.durability === 'relaxed' && random() < 0.2) {
        await (index as { flush?: () => Promise<void> }).flush!();
        possible = [model];
      }
    }
  } catch (error) {
    if (!store.stopped) throw error;
  }
  return possible;
}

const plain = (model: Model): string => JSON.stringify([...model]);

describe('an index that was stopped', () => {
  const points = Number(process.env.SIMILE_KILLS ?? 1000);
  it(`holds what was confirmed, at ${points} random points`, async () => {
    let found = 0;
    for (let seed = 1; seed <= points / 2; seed++) {
      const random = numbers(seed * 7919);
      const durability = seed % 4 === 0 ? 'relaxed' : 'strict';
      const options = {
        metric: seed % 2 ? 'plain' : 'euclidean',
        dimension: 2,
        durability,
        journalShare: seed % 3 === 0 ? 0 : 0.1,
        engine: seed % 2 ? plainEngine() : flatEngine({ kernel: 'scalar' }),
      } as const;
      const stop = seed % 5 < 2 ? 'power' : 'process';
      let before: Model = new Map();
      let store = new MemoryStore({ left: 1 + Math.floor(random() * 12_000), random });
      // Twice, so that an index that was stopped is stopped again, perhaps while it is opened.
      for (let round = 0; round < 2; round++) {
        const possible = await workUntilStopped(store, before, seed + round * 100_000, options);
        const now = store.afterwards(stop);
        const index = await openStored(now, options);
        const model = modelOf(index);
        before = model;
        const because = `seed ${seed}, round ${round}, ${stop}, ${durability}`;
        expect(possible.map(plain), because).toContain(plain(model));
        found += model.size;
        if (model.size > 0) {
          for (const { id, vector } of index) {
            const nearest = (await index.search(vector, { k: 1 }))[0]![0]!;
            expect([nearest.id, nearest.distance], because).toEqual([id, 0]);
          }
        }
        store = now.afterwards('process', 1 + Math.floor(random() * 6000));
      }
    }
    expect(found).toBeGreaterThan(points); // there was something to lose
  });
});
