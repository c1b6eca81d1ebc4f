// Partitions, product codes of four bits, and exact ranking of what they find, over a memory that the host lays out. No state, no
// data segment: a Layout says where an index lies and may be read by many threads, a Context holds what one search writes, a Room
// what one thread does.

import { putBytes } from './ivf/bytes';
import { packCentroids } from './ivf/coarse';
import { subtractCentroids } from './ivf/encode';
import { exactDistances } from './ivf/exact';
import { Context, Layout } from './ivf/layout';
import { moveRow, putRow } from './ivf/lists';
import { assignMany, codeMany, searchMany, trainMany } from './ivf/parts';
import { rank, takeSlots } from './ivf/rank';
import { beginSearch, endSearch, scanProbes } from './ivf/search';
import { areFinite, longestSquare } from './ivf/sums';
import { addUp } from './ivf/train';
import { transformRows } from './ivf/transform';

export {
  addUp,
  areFinite,
  assignMany,
  codeMany,
  longestSquare,
  moveRow,
  packCentroids,
  putBytes,
  putRow,
  searchMany,
  subtractCentroids,
  trainMany,
  transformRows,
};

/** The `keep` closest of what the `probes` closest lists hold, with exact distances, in order; returns how many. `root`: for euclidean. */
export function search(layout: Layout, context: Context, probes: i32, wanted: i32, keep: i32, root: i32): i32 {
  beginSearch(layout, context, probes, wanted);
  scanProbes(layout, context, 0, context.probeCount);
  return endSearch(layout, context, keep, root);
}

/** Offers the rows at listed slots to the context's heap of `keep` places. */
export function rankSlots(layout: Layout, context: Context, list: usize, count: i32, keep: i32): void {
  rank(layout, context, list, count, 4, keep);
}

/** The rows of the heap, with exact distances; returns how many. */
export function finish(layout: Layout, context: Context, root: i32): i32 {
  takeSlots(layout, context);
  exactDistances(layout, context, root);
  return context.kept;
}
