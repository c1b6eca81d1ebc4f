import { expect, test } from 'vitest';
import { searchLine } from './search-line.ts';

test('says engine, recall, times and memory in one line', () => {
  const measured = {
    recall: 0.9534,
    k: 10,
    queries: 1000,
    latency: { median: 0.0214, p95: 0.0405 },
    bytesPerVector: 344.6,
  };
  expect(searchLine({ engine: 'hnsw i4 (wasm simd)', effort: { name: 'efSearch', value: 17 }, ...measured })).toBe(
    'hnsw i4 (wasm simd): 95.3 % of the 10 closest found over 1,000 queries, median 21 µs, 95 % within 41 µs a query, 345 bytes a vector',
  );
});
