import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testIndex } from '@simile/testing/vector-index';
import { afterAll, beforeAll, test } from 'vitest';
import { MemoryStore } from '../../test/memory-store.ts';
import type { SearchEngineFactory } from '../contract.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { hnswEngine } from '../hnsw/hnsw-engine.ts';
import { ivfEngine } from '../ivf/ivf-engine.ts';
import { openIndex, openStored } from './open-index.ts';
import type { StoredVectorIndex } from './stored-index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simile-conformance-'));
});
const opened: StoredVectorIndex[] = [];
afterAll(async () => {
  for (const index of opened) await index.close();
  await rm(folder, { recursive: true });
});

const open = async (...given: Parameters<typeof openIndex>): Promise<StoredVectorIndex> => {
  const index = await openIndex(...given);
  opened.push(index);
  return index;
};
let made = 0;
const next = (): string => join(folder, String(made++));
/** The index as another process would find it: snapshot and journal, opened elsewhere. */
const reopened =
  (engine: SearchEngineFactory) =>
  async (index: StoredVectorIndex): Promise<StoredVectorIndex> => {
    const path = next();
    await copyFile(index.path, path);
    await copyFile(`${index.path}.journal`, `${path}.journal`).catch(() => undefined); // none before the first change
    return open(path, { engine });
  };

const shared = { size: 600, rounds: { queries: 300, changes: 40 } };
const engines = [
  ['flat', flatEngine(), { metrics: ['euclidean'] }],
  ['hnsw i4', hnswEngine(), { metrics: ['cosine'], recall: 0.97 }],
  ['hnsw i8 without rows', hnswEngine({ precision: 'i8', rerank: false }), { metrics: ['euclidean'], recall: 0.9, tolerance: 0.02 }],
  ['ivf', ivfEngine(), { metrics: ['cosine'], recall: 0.9 }],
] as const; // prettier-ignore

for (const [name, engine, promised] of engines) {
  testIndex(
    `${name} in a file`,
    (options) => open(next(), { ...options, engine, durability: 'relaxed' }),
    { ...shared, ...promised, copy: reopened(engine) },
    { test: test as never },
  );
}

// Written anew after every change, so that each answer is that of an index that was saved.
testIndex(
  'flat in a store, saved after every change',
  (options) => openStored(new MemoryStore(), { ...options, engine: flatEngine({ kernel: 'scalar' }), journalShare: 0 }),
  { ...shared, metrics: ['manhattan'] },
  { test: test as never },
);
