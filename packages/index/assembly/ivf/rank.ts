// Rows by float32 distance from the rows themselves, the closest kept.

import { scoreOfBytes } from './bytes';
import { bytesAt, Context, Layout, rowAt } from './layout';
import { sortable, sortKeys } from './probes';
import { sumOfProducts, sumOfSquares, sumOfValues } from './sums';

/** Rows whose lines are loaded before the first of them is looked at. */
const BATCH: i32 = 16;
/** Of each row; past it the processor fetches ahead by itself. */
const TOUCHED: usize = 512;

/** Something that grows with the distance. */
// @inline
function scoreOf(layout: Layout, query: usize, row: usize): f32 {
  const width = layout.width;
  const metric = layout.metric;
  if (metric == 0) {
    const square = sumOfProducts(row, row, width);
    return square > 1e-24 ? -sumOfProducts(query, row, width) / <f32>Math.sqrt(<f64>square) : 0;
  }
  if (metric == 1) return -sumOfProducts(query, row, width);
  if (metric == 2) return sumOfSquares(query, row, width);
  const shift = <f32>(
    ((sumOfValues(query, layout.dimension) - sumOfValues(row, layout.dimension)) / <f64>layout.dimension)
  );
  return sumOfSquares(query, row, width) - <f32>layout.dimension * shift * shift;
}

/** Loads a value of each line of rows, so that they come from memory side by side. */
// @inline
function touch<Kind>(layout: Layout, list: usize, end: usize, stride: usize): i32 {
  const bytes = isFloat<Kind>() ? min((<usize>layout.width) << 2, TOUCHED) : min(<usize>layout.byteStride, TOUCHED);
  let sum = 0;
  for (; list < end; list += stride) {
    const slot = load<u32>(list);
    const row = isFloat<Kind>() ? rowAt(layout, slot) : bytesAt(layout, slot);
    for (let line: usize = 0; line < bytes; line += 64) sum += load<i32>(row + line);
    sum += load<i32>(row + bytes - 4);
  }
  return sum;
}

/** Moves the key on top of a heap, the largest on top, down to where it belongs. */
function sink(heap: usize, count: i32, value: u64): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= count) break;
    let larger = load<u64>(heap + ((<usize>child) << 3));
    if (child + 1 < count) {
      const other = load<u64>(heap + ((<usize>child) << 3), 8);
      if (other > larger) {
        larger = other;
        child++;
      }
    }
    if (larger <= value) break;
    store<u64>(heap + ((<usize>at) << 3), larger);
    at = child;
  }
  store<u64>(heap + ((<usize>at) << 3), value);
}

// Which rows to look at: a type argument, so that the compiler makes a loop for each.
type Floats = f32;
type Bytes = i32;

// @inline
function rankBy<Kind>(layout: Layout, context: Context, list: usize, count: i32, stride: usize, keep: i32): void {
  const heap = context.heap;
  const end = list + <usize>count * stride;
  let kept = context.kept;
  while (list < end) {
    const stop = min(end, list + <usize>BATCH * stride);
    context.sink = touch<Kind>(layout, list, stop, stride);
    for (; list < stop; list += stride) {
      const slot = load<u32>(list);
      const score = isFloat<Kind>()
        ? scoreOf(layout, context.query, rowAt(layout, slot))
        : scoreOfBytes(layout, context, slot);
      const key = ((<u64>sortable(score)) << 32) | <u64>slot;
      if (kept < keep) {
        let at = kept++;
        while (at > 0) {
          const parent = (at - 1) >> 1;
          const other = load<u64>(heap + ((<usize>parent) << 3));
          if (other >= key) break;
          store<u64>(heap + ((<usize>at) << 3), other);
          at = parent;
        }
        store<u64>(heap + ((<usize>at) << 3), key);
      } else if (key < load<u64>(heap)) sink(heap, kept, key);
    }
  }
  context.kept = kept;
}

/**
 * Offers rows to the context's heap of `keep` places, by float32 distance.
 *
 * @param list, count, stride Slots, and bytes from one to the next
 */
export function rank(layout: Layout, context: Context, list: usize, count: i32, stride: usize, keep: i32): void {
  rankBy<Floats>(layout, context, list, count, stride, keep);
}

/** As {@link rank}, by what the int8 rows say. */
export function rankBytes(layout: Layout, context: Context, list: usize, count: i32, stride: usize, keep: i32): void {
  rankBy<Bytes>(layout, context, list, count, stride, keep);
}

/** Writes the slots of the heap, closest first, and loads their rows. */
export function takeSlots(layout: Layout, context: Context): void {
  sortKeys(context.heap, context.kept);
  const end = context.slots + ((<usize>context.kept) << 2);
  let key = context.heap;
  for (let at = context.slots; at < end; at += 4) {
    store<u32>(at, <u32>load<u64>(key));
    key += 8;
  }
  context.sink = touch<Floats>(layout, context.slots, end, 4);
}
