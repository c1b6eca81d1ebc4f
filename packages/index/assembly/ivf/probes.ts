// The lists to look at: those of the smallest keys, in order.

import { Context, Layout } from './layout';

const ROUNDS: i32 = 24;

/** A float32 as an unsigned number of the same order. */
// @inline
export function sortable(value: f32): u32 {
  const bits = reinterpret<i32>(value);
  return <u32>(bits ^ ((bits >> 31) & 0x7fffffff)) ^ 0x80000000;
}

/** The float32 of a {@link sortable}. */
// @inline
export function unsortable(value: u32): f32 {
  const bits = <i32>(value ^ 0x80000000);
  return reinterpret<f32>(bits ^ ((bits >> 31) & 0x7fffffff));
}

/** How many of the keys, padded to a multiple of 16, are at most `limit`. */
function countUpTo(keys: usize, padded: i32, limit: f32): i32 {
  const end = keys + ((<usize>padded) << 2);
  let count = 0;
  if (ASC_FEATURE_SIMD) {
    const most = f32x4.splat(limit);
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    for (; keys < end; keys += 32) {
      a = i32x4.sub(a, f32x4.le(v128.load(keys), most));
      b = i32x4.sub(b, f32x4.le(v128.load(keys, 16), most));
    }
    a = i32x4.add(a, b);
    count += i32x4.extract_lane(a, 0) + i32x4.extract_lane(a, 1) + i32x4.extract_lane(a, 2) + i32x4.extract_lane(a, 3);
  } else for (; keys < end; keys += 4) count += <i32>(load<f32>(keys) <= limit);
  return count;
}

/** Writes the keys up to a limit, as sortable key and number, to `to`; returns how many. */
function collect(keys: usize, count: i32, limit: f32, to: usize): i32 {
  let found = to;
  for (let i = 0; i < count; i += 4) {
    const at = keys + ((<usize>i) << 2);
    if (ASC_FEATURE_SIMD) {
      if (!v128.any_true(f32x4.le(v128.load(at), f32x4.splat(limit)))) continue;
    }
    for (let j = i; j < min(i + 4, count); j++) {
      const key = load<f32>(keys + ((<usize>j) << 2));
      if (key <= limit) {
        store<u64>(found, ((<u64>sortable(key)) << 32) | <u64>j);
        found += 8;
      }
    }
  }
  return <i32>((found - to) >> 3);
}

/** Sorts u64 ascending in place: Shell's way, each gap four ninths of the one before. */
export function sortKeys(at: usize, count: i32): void {
  let gap = count;
  while (gap > 1) {
    gap = max(1, (gap * 4) / 9);
    for (let i = gap; i < count; i++) {
      const value = load<u64>(at + ((<usize>i) << 3));
      let j = i;
      while (j >= gap) {
        const other = load<u64>(at + ((<usize>(j - gap)) << 3));
        if (other <= value) break;
        store<u64>(at + ((<usize>j) << 3), other);
        j -= gap;
      }
      store<u64>(at + ((<usize>j) << 3), value);
    }
  }
}

/** Least and largest of keys, to `range`. */
function rangeOf(keys: usize, count: i32, range: usize): void {
  let low = load<f32>(keys);
  let high = low;
  let i = 0;
  if (ASC_FEATURE_SIMD && count >= 4) {
    let lows = v128.load(keys);
    let highs = lows;
    for (; i <= count - 4; i += 4) {
      const some = v128.load(keys + ((<usize>i) << 2));
      lows = f32x4.pmin(lows, some);
      highs = f32x4.pmax(highs, some);
    }
    lows = f32x4.pmin(lows, v128.shuffle<i32>(lows, lows, 2, 3, 0, 1));
    highs = f32x4.pmax(highs, v128.shuffle<i32>(highs, highs, 2, 3, 0, 1));
    low = min(f32x4.extract_lane(lows, 0), f32x4.extract_lane(lows, 1));
    high = max(f32x4.extract_lane(highs, 0), f32x4.extract_lane(highs, 1));
  }
  for (; i < count; i++) {
    const key = load<f32>(keys + ((<usize>i) << 2));
    low = min(low, key);
    high = max(high, key);
  }
  store<f32>(range, low);
  store<f32>(range, high, 4);
}

/**
 * A key that `wanted` keys or hardly more are at most. Looks first about where the last search found it, as queries are alike.
 * Keeps in `guess` at which part of the range of keys that was.
 */
function limitFor(context: Context, keys: usize, count: i32, wanted: i32): f32 {
  rangeOf(keys, count, context.spill);
  let low = load<f32>(context.spill);
  let high = load<f32>(context.spill, 4);
  const least = low;
  const span = high - low;
  const padded = (count + 15) & ~15;
  const enough = wanted + (wanted >> 2) + 2;
  let middle = low + span * context.guess;
  let step = span * 0.03125;
  let bracketed = false;
  let above = false;
  for (let round = 0; round < ROUNDS; round++) {
    const found = countUpTo(keys, padded, middle);
    if (found >= wanted) {
      high = middle;
      if (found <= enough) break;
      if (round > 0 && !above) bracketed = true;
      above = true;
    } else {
      low = middle;
      if (round > 0 && above) bracketed = true;
      above = false;
    }
    if (!bracketed) {
      middle = above ? max(low, middle - step) : min(high, middle + step);
      step *= 2;
    } else middle = low + (high - low) * 0.5;
  }
  context.guess = span > 0 ? (high - least) / span : 0;
  return high;
}

/** Puts the `wanted` lists of the smallest keys in order into `probes`; returns how many: `wanted`, or all there are. */
export function chooseProbes(layout: Layout, context: Context, wanted: i32): i32 {
  const count = layout.partitions;
  const keys = context.keys;
  const limit = wanted < count ? limitFor(context, keys, count, wanted) : <f32>Infinity;
  const found = collect(keys, count, limit, context.probes);
  sortKeys(context.probes, found);
  return min(found, wanted);
}
