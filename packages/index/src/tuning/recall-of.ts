import type { EngineHits } from '../contract.ts';

/**
 * Share of the true neighbours that were found, over all queries. A found record that is no farther than the last true one
 * counts, so that equal distances do not.
 *
 * @param exact Of the same queries and k
 */
export function recallOf(found: EngineHits, exact: EngineHits): number {
  let right = 0;
  let wanted = 0;
  for (let row = 0; row < exact.counts.length; row++) {
    const count = exact.counts[row]!;
    const begin = row * exact.k;
    const truth = new Set(exact.slots.subarray(begin, begin + count));
    const last = count > 0 ? exact.distances[begin + count - 1]! : -Infinity;
    wanted += count;
    const end = row * found.k + Math.min(found.counts[row]!, count);
    for (let at = row * found.k; at < end; at++) {
      if (truth.has(found.slots[at]!) || found.distances[at]! <= last) right++;
    }
  }
  return wanted === 0 ? 1 : right / wanted;
}
