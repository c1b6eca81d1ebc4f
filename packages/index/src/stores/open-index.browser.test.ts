import { afterAll, describe, expect, it } from 'vitest';
import { keepIndex, keptIndex } from '../../test/browser-store.ts';
import { plainEngine } from '../../test/plain-engine.ts';
import { openIndex } from './open-index.ts';

const inWorker = async (target: string): Promise<unknown> => {
  const worker = new Worker(new URL('../../test/browser-store-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }) => resolve(data));
      worker.addEventListener('error', (event) => reject(new Error(event.message || 'the worker did not start')));
      worker.postMessage(target);
    });
  } finally {
    worker.terminate();
  }
};

afterAll(async () => {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry('simile-index', { recursive: true }).catch(() => undefined);
  indexedDB.deleteDatabase('simile-index');
});

describe.each(['indexeddb', 'opfs'])('%s://', (scheme) => {
  it('keeps an index in a page', async () => {
    const target = `${scheme}://page/one`;
    expect(await keepIndex(target)).toEqual(keptIndex(target));
  });

  it('keeps an index in a worker', async () => {
    const target = `${scheme}://worker/one`;
    expect(await inWorker(target)).toEqual(keptIndex(target));
  });

  it('reads in a page what a worker wrote, and is free once the worker has ended', async () => {
    const target = `${scheme}://worker/one`;
    const index = await openIndex(target, { engine: plainEngine() });
    expect([...index].map(({ id }) => id)).toEqual(['last']);
    await index.add(Float32Array.of(5, 6, 7, 8));
    await index.close();
    const reader = await openIndex(target, { engine: plainEngine(), readOnly: true });
    expect(reader.size).toBe(2);
    await reader.close();
  });

  it('goes on from what was confirmed when a page ends without closing', async () => {
    const target = `${scheme}://worker/two`;
    const worker = new Worker(new URL('../../test/browser-store-worker.ts', import.meta.url), { type: 'module' });
    worker.postMessage(target);
    await new Promise((resolve) => setTimeout(resolve, 400));
    worker.terminate();
    // The browser frees the lock, and the files, some time after.
    const opened = async (): Promise<Awaited<ReturnType<typeof openIndex>>> => {
      for (let attempt = 0; ; attempt++) {
        try {
          return await openIndex(target, { dimension: 4, metric: 'plain', engine: plainEngine() });
        } catch (error) {
          if (attempt === 40) throw error;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    };
    const index = await opened();
    // Nothing yet; 5,000; 3 of them removed; one more, and 20; none; one.
    expect([0, 1, 4997, ...Array.from({ length: 21 }, (_, i) => 4998 + i)]).toContain(index.size);
    await index.upsert(Float32Array.of(1, 1, 1, 1), { ids: ['after'] });
    await index.close();
    const again = await openIndex(target, { engine: plainEngine() });
    expect(again.has('after')).toBe(true);
    await again.close();
  });
});
