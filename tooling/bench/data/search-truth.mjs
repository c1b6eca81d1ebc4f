import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../harness.mjs';
import { cache } from './search-sets.mjs';

/** The `k` closest of each query by exact search, worked out once. Our flat engine's answers are those of a plain loop, bit for bit. */
export async function exactTruth({ name, metric, dimension, base, queries }, k) {
  const file = join(cache, `${name}-truth-${k}.uint32`);
  if (!existsSync(file)) {
    const { createIndex, flatEngine } = await load('@simile/index');
    const index = createIndex({ dimension, metric, engine: flatEngine() });
    await index.add(base);
    const { ids } = await index.searchColumns(queries, { k });
    writeFileSync(file, new Uint8Array(Uint32Array.from(ids).buffer));
  }
  return new Uint32Array(new Uint8Array(readFileSync(file)).buffer);
}

/** Share of the `k` closest that were found. */
export function recallOf(ids, truth, k) {
  let found = 0;
  for (let at = 0; at < truth.length; at += k) {
    const wanted = truth.subarray(at, at + k);
    for (const id of ids.slice(at, at + k)) if (wanted.includes(id)) found++;
  }
  return found / truth.length;
}
