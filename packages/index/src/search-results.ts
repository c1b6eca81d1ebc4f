import type { EngineHits, Neighbor, SearchColumns } from './contract.ts';
import type { RecordStore } from './records/record-store.ts';

/** What an engine found, as a list of neighbours a query. */
export function neighborLists(store: RecordStore, { k, counts, slots, distances }: EngineHits): Neighbor[][] {
  const lists: Neighbor[][] = [];
  for (let row = 0; row < counts.length; row++) {
    const list: Neighbor[] = [];
    for (let i = 0, at = row * k; i < counts[row]!; i++, at++) {
      const slot = slots[at]!;
      const [rank, distance] = [i + 1, distances[at]!];
      const [id, label, data] = [store.idOf(slot), store.labelOf(slot), store.dataOf(slot)];
      list.push(data === undefined ? { rank, id, label, distance } : { rank, id, label, distance, data });
    }
    lists.push(list);
  }
  return lists;
}

/** What an engine found, as columns. */
export function searchColumns(store: RecordStore, { k, counts, slots, distances }: EngineHits): SearchColumns {
  const used = (at: number): boolean => at % k < counts[Math.floor(at / k)]!;
  return {
    k,
    counts,
    ids: Array.from(slots, (slot, at) => (used(at) ? store.idOf(slot) : undefined)),
    labels: Array.from(slots, (slot, at) => (used(at) ? store.labelOf(slot) : null)),
    distances,
  };
}
