// The rows found so far, and how good a row must be to join them: a count of costs, whose running sum says where the best
// `wanted` end. Adding a row takes a constant number of steps; no heap, no sorting.

import { Context } from './layout';

/** Bins of the histogram. */
export const BINS: i32 = 8192;

// @inline
function binOf(context: Context, cost: u32): i32 {
  return min(<i32>(cost >> context.shift), BINS - 1);
}

/** Cost from which on rows are of no use. */
// @inline
export function limitOf(context: Context): i32 {
  return context.bound == BINS ? i32.MAX_VALUE : context.bound << context.shift;
}

/** Adds a row whose cost is below the limit. */
export function addFound(context: Context, cost: i32, slot: u32): void {
  if (context.count == context.capacity) keepWanted(context);
  const at = context.found + ((<usize>context.count) << 3);
  store<u32>(at, <u32>cost);
  store<u32>(at, slot, 4);
  context.count++;
  const bin = binOf(context, <u32>cost);
  const place = context.histogram + ((<usize>bin) << 1);
  store<u16>(place, load<u16>(place) + 1);
  let within = context.within + 1;
  const wanted = context.wanted;
  if (context.bound == BINS) {
    context.highest = max(context.highest, bin);
    if (within >= wanted) context.bound = context.highest + 1;
  }
  if (within >= wanted) {
    let bound = context.bound;
    for (;;) {
      const last = <i32>load<u16>(context.histogram + ((<usize>(bound - 1)) << 1));
      if (within - last < wanted) break;
      within -= last;
      bound--;
    }
    context.bound = bound;
  }
  context.within = within;
}

/** Throws away what is not among the best `wanted`; of those that share the last bin, the ones found last. */
export function keepWanted(context: Context): void {
  const bound = context.bound;
  const last = bound - 1;
  const histogram = context.histogram;
  let spare = context.wanted - context.within + <i32>load<u16>(histogram + ((<usize>last) << 1));
  if (bound == BINS) spare = i32.MAX_VALUE;
  let to = context.found;
  const end = to + ((<usize>context.count) << 3);
  for (let at = to; at < end; at += 8) {
    const bin = binOf(context, load<u32>(at));
    if (bin > last || (bin == last && spare-- <= 0)) {
      const place = histogram + ((<usize>bin) << 1);
      store<u16>(place, load<u16>(place) - 1);
      if (bin == last) context.within--;
      continue;
    }
    store<u64>(to, load<u64>(at));
    to += 8;
  }
  context.count = <i32>((to - context.found) >> 3);
}

/** Makes the context ready for a scan. */
export function beginFound(context: Context): void {
  context.count = 0;
  context.within = 0;
  context.bound = BINS;
  context.highest = 0;
}

/** Zeros the histogram again. */
export function endFound(context: Context): void {
  const end = context.found + ((<usize>context.count) << 3);
  for (let at = context.found; at < end; at += 8) {
    store<u16>(context.histogram + ((<usize>binOf(context, load<u32>(at))) << 1), 0);
  }
}
