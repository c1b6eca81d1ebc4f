// Partitions, product codes of four bits, and exact ranking of what they find, over a memory that the host lays out. No state, no
// data segment: a Layout says where an index lies and may be read by many threads, a Context holds what one search writes.

import { addUp, trainWords } from './ivf/train';
import { assign, packCentroids } from './ivf/coarse';
import { encode, subtractCentroids } from './ivf/encode';
import { exactDistances } from './ivf/exact';
import { Context, Layout } from './ivf/layout';
import { beginSearch, endScan, scanProbes, scanTogether } from './ivf/search';
import { moveRow, putRow, readCodes } from './ivf/lists';
import { putBytes } from './ivf/bytes';
import { rank, rankBytes, takeSlots } from './ivf/rank';
import { areFinite, longestSquare } from './ivf/sums';
import { transform } from './ivf/transform';

export {
  addUp,
  areFinite,
  assign,
  encode,
  longestSquare,
  moveRow,
  packCentroids,
  putBytes,
  putRow,
  readCodes,
  scanTogether,
  subtractCentroids,
  trainWords,
};

/** Rows `[count, width]` as they are coded, to `[count, stride]`. */
export function transformRows(layout: Layout, from: usize, count: i32, to: usize, stride: i32): void {
  for (let i = 0; i < count; i++) {
    transform(layout, from, to, stride);
    from += (<usize>layout.width) << 2;
    to += (<usize>stride) << 2;
  }
}

/** The `keep` closest of what the `probes` closest lists hold, with exact distances; returns how many. `root`: for euclidean. */
export function search(layout: Layout, context: Context, probes: i32, wanted: i32, keep: i32, root: i32): i32 {
  beginSearch(layout, context, probes, wanted);
  scanProbes(layout, context, 0, context.probeCount);
  return endSearch(layout, context, keep, root);
}

/** Gets a context ready for `scanTogether`. */
export function begin(layout: Layout, context: Context, probes: i32, wanted: i32): void {
  beginSearch(layout, context, probes, wanted);
}

/** The `keep` closest of what a scan found, with exact distances; returns how many. */
export function endSearch(layout: Layout, context: Context, keep: i32, root: i32): i32 {
  endScan(context);
  context.kept = 0;
  rankBytes(layout, context, context.found + 4, context.count, 8, keep);
  takeSlots(layout, context);
  exactDistances(layout, context, root);
  return context.kept;
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
