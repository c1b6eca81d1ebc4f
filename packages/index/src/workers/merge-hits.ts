import type { EngineHits } from '../contract.ts';

/** What a shard found, and the slot of the index that one of its own stands for. */
export interface ShardHits {
  readonly hits: EngineHits;
  readonly slotOf: (slot: number) => number;
}

/**
 * Hits of several engines over the same queries as those of one: the `k` closest, equal distances in the order that `order`
 * gives. Each of them must have its own in that order. O(queries · k · shards).
 */
export function mergeHits(
  shards: readonly ShardHits[],
  queries: number,
  k: number,
  order: (slot: number) => number,
): EngineHits {
  const places = Math.min(
    k,
    shards.reduce((sum, { hits }) => sum + hits.k, 0),
  );
  const counts = new Uint32Array(queries);
  const slots = new Uint32Array(queries * places);
  const distances = new Float64Array(queries * places).fill(Infinity);
  const next = new Uint32Array(shards.length);
  for (let query = 0; query < queries; query++) {
    next.fill(0);
    let found = 0;
    for (; found < places; found++) {
      let best = -1;
      let closest = Infinity;
      let slot = 0;
      for (let shard = 0; shard < shards.length; shard++) {
        const { hits, slotOf } = shards[shard]!;
        if (next[shard]! >= hits.counts[query]!) continue;
        const at = query * hits.k + next[shard]!;
        const distance = hits.distances[at]!;
        if (best >= 0 && distance > closest) continue;
        const candidate = slotOf(hits.slots[at]!);
        if (best >= 0 && distance === closest && order(candidate) > order(slot)) continue;
        [best, closest, slot] = [shard, distance, candidate];
      }
      if (best < 0) break;
      next[best]!++;
      slots[query * places + found] = slot;
      distances[query * places + found] = closest;
    }
    counts[query] = found;
  }
  return { k: places, counts, slots, distances };
}
