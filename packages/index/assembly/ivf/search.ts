// One query from its values to the exact distances of the rows found.

import { keysOfCentroids, shorten } from './coarse';
import { beginFound, BINS, endFound, dropWorse } from './found';
import { exactDistances, sortByDistance } from './exact';
import { Context, Layout } from './layout';
import { chooseProbes, unsortable } from './probes';
import { rankBytes, takeSlots } from './rank';
import { makeTables } from './tables';
import { scanList, scanListForTwo } from './scan';
import { transform } from './transform';

/** Sets the scale of the histogram so that every cost of the lists to look at has a bin. */
function setShift(context: Context, most: f32): void {
  const steps = <i32>min<f32>(most, 1e9);
  let shift = 0;
  while (steps >> shift >= BINS) shift++;
  context.shift = shift;
}

/** Gets a context ready to look for `wanted` rows in the `probes` closest lists. */
export function beginSearch(layout: Layout, context: Context, probes: i32, wanted: i32): void {
  const length = max(layout.width, layout.subspaces * layout.subspaceSize);
  transform(layout, context.query, context.coded, length);
  context.shortStep = shorten(context.coded, layout.width, context.short);
  keysOfCentroids(layout, context.short, context.shortStep * layout.centroidStep, layout.probeBias, context.keys);
  const count = chooseProbes(layout, context, probes);
  const most = makeTables(layout, context);
  const first = keyOf(context, 0);
  const spread = keyOf(context, count - 1) - first + layout.mostBias - layout.leastBias;
  setShift(context, most + spread * context.perCost);
  context.wanted = wanted;
  context.probeCount = count;
  context.firstKey = first;
  beginFound(context);
}

// @inline
function keyOf(context: Context, probe: i32): f32 {
  return unsortable(<u32>(load<u64>(context.probes + ((<usize>probe) << 3)) >> 32));
}

// @inline
function listOf(context: Context, probe: i32): i32 {
  return load<i32>(context.probes + ((<usize>probe) << 3));
}

/** What rows of a list cost beside their codes and biases. */
// @inline
function baseOf(context: Context, probe: i32): i32 {
  return <i32>min<f32>((keyOf(context, probe) - context.firstKey) * context.perCost, 1e9);
}

/** Looks at the lists chosen, the closest first, from number `from` on up to `to`. */
export function scanProbes(layout: Layout, context: Context, from: i32, to: i32): void {
  for (let i = from; i < to; i++) scanList(layout, context, listOf(context, i), baseOf(context, i));
}

/** Lists that each of many searches looks at alone, so that it knows early what is close. */
const ALONE: i32 = 2;

/**
 * Looks at the lists of many searches, each list for all of them while it is in the cache.
 *
 * @param contexts, count Addresses of contexts that were begun
 * @param room A number a list, and three for each list of each search
 */
export function scanTogether(layout: Layout, contexts: usize, count: i32, room: usize): void {
  const heads = room;
  const partitions = layout.partitions;
  memory.fill(heads, 0xff, (<usize>partitions) << 2);
  const entries = heads + ((<usize>partitions) << 2);
  let next = 0;
  // The last first, so that each list has its searches in order.
  for (let c = count - 1; c >= 0; c--) {
    const address = load<usize>(contexts + ((<usize>c) << 2));
    const context = changetype<Context>(address);
    scanProbes(layout, context, 0, min(ALONE, context.probeCount));
    for (let i = ALONE; i < context.probeCount; i++) {
      const head = heads + ((<usize>listOf(context, i)) << 2);
      const entry = entries + <usize>next * 12;
      store<usize>(entry, address);
      store<i32>(entry, baseOf(context, i), 4);
      store<i32>(entry, load<i32>(head), 8);
      store<i32>(head, next++);
    }
  }
  for (let list = 0; list < partitions; list++) {
    let at = load<i32>(heads + ((<usize>list) << 2));
    while (at >= 0) {
      const entry = entries + <usize>at * 12;
      const context = changetype<Context>(load<usize>(entry));
      const base = load<i32>(entry, 4);
      at = load<i32>(entry, 8);
      if (at < 0) {
        scanList(layout, context, list, base);
        break;
      }
      const other = entries + <usize>at * 12;
      scanListForTwo(layout, context, base, changetype<Context>(load<usize>(other)), load<i32>(other, 4), list);
      at = load<i32>(other, 8);
    }
  }
}

/** The `keep` closest of what a scan found, with exact distances, closest first; returns how many. `root`: for euclidean. */
export function endSearch(layout: Layout, context: Context, keep: i32, root: i32): i32 {
  dropWorse(context);
  endFound(context);
  context.kept = 0;
  rankBytes(layout, context, context.found + 4, context.count, 8, keep);
  takeSlots(layout, context);
  exactDistances(layout, context, root);
  sortByDistance(context);
  return context.kept;
}
