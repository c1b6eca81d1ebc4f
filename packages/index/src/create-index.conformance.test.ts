import { testIndex, type IndexTest } from '@simile/testing/vector-index';
import { test } from 'vitest';
import { autoEngine } from './auto/auto-engine.ts';
import type { SearchEngineFactory, VectorIndex } from './contract.ts';
import { createIndex, indexFromBytes } from './create-index.ts';
import { flatEngine } from './flat/flat-engine.ts';
import { hnswEngine } from './hnsw/hnsw-engine.ts';
import { ivfEngine } from './ivf/ivf-engine.ts';

/** Recall that an engine promises on rows in groups; exact distances where float32 rows are kept. */
type Promised = Pick<IndexTest<VectorIndex>, 'recall' | 'tolerance' | 'rounds' | 'metrics' | 'size'>;

const all = { queries: 10_000, changes: 1000 };
const engines: readonly (readonly [name: string, engine: SearchEngineFactory, promised: Promised])[] = [
  ['flat', flatEngine(), { metrics: ['cosine'], rounds: all }],
  ['flat', flatEngine(), { metrics: ['euclidean', 'inner-product'] }],
  ['flat, scalar', flatEngine({ kernel: 'scalar' }), { metrics: ['manhattan'] }],
  ['auto, past its number', autoEngine({ flatUpTo: 700 }), { recall: 0.93, metrics: ['cosine'] }],
  ['hnsw f32', hnswEngine({ precision: 'f32' }), { recall: 0.97, metrics: ['euclidean'] }],
  ['hnsw f16', hnswEngine({ precision: 'f16' }), { recall: 0.97, metrics: ['inner-product'] }],
  ['hnsw i8', hnswEngine({ precision: 'i8' }), { recall: 0.97, metrics: ['cosine'] }],
  ['hnsw i4', hnswEngine(), { recall: 0.97, metrics: ['cosine'], rounds: all }],
  ['hnsw binary', hnswEngine({ precision: 'binary' }), { recall: 0.5, metrics: ['cosine'] }],
  [
    'hnsw i8 without rows',
    hnswEngine({ precision: 'i8', rerank: false }),
    { recall: 0.9, tolerance: 0.02, metrics: ['euclidean'] },
  ],
  ['ivf', ivfEngine(), { recall: 0.9, metrics: ['cosine'], size: 1500 }],
];

for (const [name, engine, promised] of engines) {
  testIndex(
    name,
    (options) => createIndex({ ...options, engine }),
    {
      size: 1000,
      rounds: { queries: 1000, changes: 100 },
      copy: (index) => indexFromBytes(index.toBytes(), { engine }),
      ...promised,
    },
    { test: test as never },
  );
}
