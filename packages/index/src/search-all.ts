import { checkAborted } from '@simile/core/errors';
import type { EngineHits, EngineSearchOptions, SearchEngine } from './contract.ts';

/** Places of hits held at a time. */
const PLACES = 1 << 21;

/**
 * Search with as many places a query as there are records: exactly, some queries at a time, places that nothing was found
 * for left out.
 */
export async function searchAll(
  engine: SearchEngine,
  queries: Float32Array,
  dimension: number,
  options: EngineSearchOptions,
): Promise<EngineHits> {
  const search = (engine.searchExact ?? engine.search).bind(engine);
  const block = Math.max(1, Math.floor(PLACES / options.k)) * dimension;
  const parts: EngineHits[] = [];
  for (let begin = 0; begin < queries.length; begin += block) {
    checkAborted('index', options.signal);
    parts.push(trimmed(await search(queries.subarray(begin, begin + block), options)));
  }
  const k = parts.reduce((most, part) => Math.max(most, part.k), 0);
  const count = queries.length / dimension;
  const all = {
    k,
    counts: new Uint32Array(count),
    slots: new Uint32Array(count * k),
    distances: new Float64Array(count * k).fill(Infinity),
  };
  let at = 0;
  for (const part of parts) {
    all.counts.set(part.counts, at);
    for (let row = 0; row < part.counts.length; row++, at++) copyRow(part, row, all, at);
  }
  return all;
}

/** Without the places that no query uses. */
function trimmed(hits: EngineHits): EngineHits {
  const k = hits.counts.reduce((most, count) => Math.max(most, count), 0);
  if (k === hits.k) return hits;
  const rows = hits.counts.length;
  const distances = new Float64Array(rows * k).fill(Infinity);
  const part = { k, counts: hits.counts, slots: new Uint32Array(rows * k), distances };
  for (let row = 0; row < rows; row++) copyRow(hits, row, part, row);
  return part;
}

function copyRow(from: EngineHits, row: number, to: EngineHits, at: number): void {
  const [begin, end] = [row * from.k, row * from.k + from.counts[row]!];
  to.slots.set(from.slots.subarray(begin, end), at * to.k);
  to.distances.set(from.distances.subarray(begin, end), at * to.k);
}
