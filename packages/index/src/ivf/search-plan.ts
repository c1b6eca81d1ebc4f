import { countSlots, eachSlot } from '../slot-bits.ts';
import { defaultRerank } from './ivf-options.ts';
import type { IvfStore } from './ivf-store.ts';

/** Allowed rows up to which every one is looked at, and their share of all from which on lists are no gain. */
const FEW = 2000;
const SELECTIVE = 1 / 50;
/** Neighbours wanted, as a share of all, from which on every row is looked at. */
const MANY = 1 / 20;

/** One call of search: what it needs besides the query. */
export interface SearchPlan {
  readonly places: number;
  /** Rows that may be returned. */
  readonly within: number;
  readonly probes: number;
  readonly wanted: number;
  readonly keep: number;
  /** Slots to look at, every one; undefined to look by lists. */
  readonly every: Uint32Array | undefined;
}

/** @param effort Lists to look at where all rows may be returned; undefined to look at every row */
export function planSearch(
  { rows, trained, options }: IvfStore,
  k: number,
  effort: number | undefined,
  allowed: Uint32Array | undefined,
): SearchPlan {
  const within = allowed ? countSlots(rows.live, allowed) : rows.size;
  const places = Math.min(k, within);
  const selective = allowed !== undefined && within <= Math.max(FEW, rows.size * SELECTIVE);
  const looksAtAll = !trained || effort === undefined || selective || places > rows.size * MANY;
  const partitions = trained?.model.partitions ?? 1;
  // Fewer rows to choose from are farther away, in more lists.
  const probes = Math.min(partitions, Math.ceil((effort ?? 1) * Math.sqrt(rows.size / Math.max(1, within))));
  const keep = Math.min(within, places + 4 + (places >> 4));
  const wanted = Math.max(keep, options.rerank ?? defaultRerank(places, probes));
  let every: Uint32Array | undefined;
  if (looksAtAll) {
    const slots = new Uint32Array(within);
    let count = 0;
    eachSlot(rows.live, allowed, (slot) => (slots[count++] = slot));
    every = slots;
  }
  return { places, within, probes, wanted, keep, every };
}
