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
  if (context.count == context.capacity) {
    dropWorse(context);
    if (context.count > context.capacity >> 1) dropLast(context);
  }
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

/**
 * Throws away what is above the bound. What is left does not depend on the order in which rows were found: all that share the last bin
 * stay, so it may be more than `wanted`.
 */
export function dropWorse(context: Context): void {
  let to = context.found;
  const end = to + ((<usize>context.count) << 3);
  for (let at = to; at < end; at += 8) {
    const bin = binOf(context, load<u32>(at));
    if (bin < context.bound) {
      store<u64>(to, load<u64>(at));
      to += 8;
    } else store<u16>(context.histogram + ((<usize>bin) << 1), 0);
  }
  context.count = <i32>((to - context.found) >> 3);
}

/** Throws away rows of the last bin, the ones found last, until `wanted` are left: for rows that are much alike. */
function dropLast(context: Context): void {
  const last = context.bound - 1;
  const place = context.histogram + ((<usize>last) << 1);
  let spare = context.within - context.wanted;
  for (let i = context.count - 1; spare > 0; i--) {
    const at = context.found + ((<usize>i) << 3);
    if (binOf(context, load<u32>(at)) != last) continue;
    context.count--;
    store<u64>(at, load<u64>(context.found + ((<usize>context.count) << 3)));
    store<u16>(place, load<u16>(place) - 1);
    spare--;
  }
  context.within = context.wanted;
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
