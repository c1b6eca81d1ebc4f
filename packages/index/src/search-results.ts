import { checkInteger, checkNames, SimileError } from '@simile/core/errors';
import type { EngineHits, Neighbor, SearchColumns, SearchOptions } from './contract.ts';
import type { RecordStore } from './records/record-store.ts';

/** @throws `ERR_OPTION` */
export function checkSearchOptions(options: SearchOptions): void {
  const { k = 5, radius = Infinity } = options;
  checkNames('index.search', options, ['k', 'radius', 'filter', 'signal']);
  checkInteger('index.search', { k }, 1);
  if (typeof radius === 'number' && !Number.isNaN(radius)) return;
  throw new SimileError({
    where: 'index.search',
    rule: 'radius must be a number',
    got: radius,
    remedy: 'Leave it out for no limit.',
    code: 'ERR_OPTION',
  });
}

/** @throws `ERR_STATE` */
export function checkNotEmpty(size: number): void {
  if (size > 0) return;
  throw new SimileError({
    where: 'index.search',
    rule: 'the index must have records',
    got: 'none',
    remedy: 'Add some first.',
    code: 'ERR_STATE',
  });
}

/** What an engine found, as a list of neighbours a query. */
export function neighborLists(store: RecordStore, { k, counts, slots, distances }: EngineHits): Neighbor[][] {
  return Array.from(counts, (count, row) =>
    Array.from({ length: count }, (_, i) => {
      const at = row * k + i;
      return { rank: i + 1, distance: distances[at]!, ...store.record(slots[at]!) };
    }),
  );
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
