import { expect, it } from 'vitest';
import { createIndex, indexFromBytes } from './create-index.ts';
import { lookUp } from '../test/browser-lookup.ts';

it('indexes, searches and reads its file in a page', async () => {
  const { engine, ids, distances, copied } = await lookUp();
  expect(engine).toMatch(/^flat \(wasm (relaxed-)?simd\), chosen for 2,000,000 records or fewer$/);
  expect(ids).toEqual([41, 40, 42]);
  expect(distances).toEqual([0, 1, 1]);
  expect(copied).toEqual(ids);
});

it('does the same in a module worker', async () => {
  const worker = new Worker(new URL('../test/browser-worker.ts', import.meta.url), { type: 'module' });
  const answer = await new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data));
    worker.addEventListener('error', (event) => reject(new Error(event.message || 'the worker did not start')));
  });
  worker.terminate();
  expect(answer).toEqual(await lookUp());
});

it('refuses a damaged file', async () => {
  const index = createIndex({ dimension: 1 });
  await index.add(Float32Array.of(1));
  const bytes = index.toBytes();
  bytes[bytes.length - 1]! ^= 1;
  await expect(indexFromBytes(bytes)).rejects.toThrow('ERR_FILE');
});
