import { createIndex, indexFromBytes } from '../src/index.ts';

/** Thousand numbers on a line, looked up in an index and in its copy. */
export async function lookUp(): Promise<{ engine: string; ids: unknown[]; distances: number[]; copied: unknown[] }> {
  const index = createIndex({ dimension: 1, metric: 'euclidean' });
  await index.add(Float32Array.from({ length: 1000 }, (_, i) => i));
  const query = Float32Array.of(41);
  const [list] = await index.search(query, { k: 3 });
  const [copied] = await (await indexFromBytes(index.toBytes())).search(query, { k: 3 });
  return {
    engine: index.describe().engine,
    ids: list!.map(({ id }) => id),
    distances: list!.map(({ distance }) => distance),
    copied: copied!.map(({ id }) => id),
  };
}
