import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { flatEngine } from '../flat/flat-engine.ts';
import { plainEngine } from '../../test/plain-engine.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { modelOf, modelText, randomChange, randomNumbers, type Model } from '../../test/random-changes.ts';
import type { StoredVectorIndex } from './stored-index.ts';
import { openIndex, openStored, type OpenIndexOptions } from './open-index.ts';

/** Works on an index until it is stopped; gives every state that it may be found in. */
async function workUntilStopped(
  store: MemoryStore,
  before: Model,
  seed: number,
  options: OpenIndexOptions,
): Promise<Model[]> {
  const random = randomNumbers(seed);
  let model = before;
  let possible: Model[] = [model];
  try {
    const index = await openStored(store, options);
    expect(modelText(modelOf(index))).toBe(modelText(before));
    for (let serial = seed; ; serial++) {
      const { next, run } = randomChange(random, model, serial);
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

describe('an index that was stopped', () => {
  const points = Number(process.env.SIMILE_KILLS ?? 1000);
  it(`holds what was confirmed, at ${points} random points`, { timeout: 3_600_000 }, async () => {
    let found = 0;
    for (let seed = 1; seed <= points / 2; seed++) {
      const random = randomNumbers(seed * 7919);
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
        expect(possible.map(modelText), because).toContain(modelText(model));
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

  it('holds it when it was stopped twice between a snapshot and the journal after it', async () => {
    const options = { metric: 'plain', dimension: 2, engine: plainEngine() };
    /** Does something to an index whose journal cannot be replaced, and stops. */
    const stopped = async (
      store: MemoryStore,
      work: (index: StoredVectorIndex) => Promise<void>,
    ): Promise<MemoryStore> => {
      const { replace } = store;
      let saving = false;
      store.replace = async (file, parts) => {
        if (saving && file === 'journal') throw new Error('stopped here');
        await replace.call(store, file, parts);
      };
      const index = await openStored(store, options);
      await work(index);
      saving = true;
      await expect(index.save()).rejects.toThrow('stopped here');
      return store.afterwards('process');
    };
    const once = await stopped(new MemoryStore(), async (index) => void (await index.add(Float32Array.of(1, 2))));
    const twice = await stopped(once, async () => undefined);
    const index = await openStored(twice, options);
    expect([...modelOf(index).values()]).toEqual([{ label: null, row: '1,2' }]);
  });

  const kills = Math.ceil(points / 60);
  it(`holds what was confirmed, with its process killed ${kills} times`, { timeout: 3_600_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simile-kill-'));
    const killOften = async (path: string, seed: number): Promise<void> => {
      const random = randomNumbers(seed);
      let model: Model = new Map();
      for (let round = 0; round < kills / 2; round++) {
        const first = round * 10_000;
        const last = await killedChild(path, seed, first, 2 + random() * 80);
        // The changes that were confirmed, and the one under way.
        const again = randomNumbers(seed);
        let before = model;
        for (let serial = first; serial <= last + 1; serial++) {
          before = model;
          model = randomChange(again, model, serial).next;
        }
        const index = await openIndex(path, { engine: flatEngine({ kernel: 'scalar' }) });
        expect([before, model].map(modelText), `seed ${seed}, round ${round}`).toContain(modelText(modelOf(index)));
        model = modelOf(index);
        for (const { id, vector } of index) {
          expect((await index.search(vector, { k: 1 }))[0]![0]).toMatchObject({ id, distance: 0 });
        }
        await index.close();
      }
    };
    try {
      await Promise.all([killOften(join(folder, 'a'), 1), killOften(join(folder, 'b'), 2)]);
      expect((await readdir(folder)).toSorted()).toEqual(['a', 'a.journal', 'b', 'b.journal']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** Lets a process change an index for some time after it has opened it, kills it, and gives the number of its last confirmed change. */
function killedChild(path: string, seed: number, first: number, milliseconds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('../../test/kill-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--conditions=source', script, path, String(seed), String(first)]);
    let text = '';
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.stdout.on('data', (data: Buffer) => {
      if (text === '') setTimeout(() => child.kill('SIGKILL'), milliseconds);
      text += data.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== null) reject(new Error(`it ended by itself: ${errors}`));
      // A number that was not written whole is of a change that was confirmed.
      const lines = text
        .split('\n')
        .slice(1)
        .filter((line) => line !== '');
      resolve(lines.length === 0 ? first - 1 : first + lines.length - 1);
    });
  });
}
