// What scans share: the memory they work on, and the heaps of the best.

/** Rows a group, one a lane. */
export const LANES: i32 = 8;

/** What a scan works on, filled in by the host: addresses in bytes, one word a field, in this order. */
// @unmanaged
export class Scan {
  /** Groups of eight rows, dimension by dimension: float32 values, or pairs of codes. */
  groups: usize;
  groupBytes: u32;
  /** Float32, one a row. A score is `bias − scale · sum`, or `bias + sum` for sums of differences. */
  bias: usize;
  scale: usize;
  /** Codes only: bound on the length of what the codes of a row leave out. */
  error: usize;
  /** Codes only: the rows themselves, float32, one after the other. */
  rows: usize;
  /** A byte a group: the rows to look at. */
  mask: usize;
  groupCount: u32;
  /** Groups that all queries pass over before the next are read: what fits a cache. */
  blockGroups: u32;
  dimension: u32;
  /** Tiles of queries, dimension by dimension; a single query where `tiles` is 0. */
  queries: usize;
  tiles: u32;
  /** Codes only: one `Head` a query. */
  heads: usize;
  /** Heaps of `kept` places a query, worst first: float32 scores, float64 for codes; and the numbers of their rows. */
  scores: usize;
  found: usize;
  kept: u32;
  /** 32 bytes to write to. */
  spill: usize;
  /** Codes only: how rows are compared, see `exactScore`. */
  kind: u32;
}

/** Puts a score in place of the worst one kept, which heads the heap. */
export function replaceWorst<T>(scores: usize, rows: usize, kept: u32, value: T, row: u32): void {
  let at: u32 = 0;
  for (;;) {
    let child: u32 = 2 * at + 1;
    if (child >= kept) break;
    let worse = load<T>(scores + ((<usize>child) << alignof<T>()));
    if (child + 1 < kept) {
      const other = load<T>(scores + ((<usize>child) << alignof<T>()), sizeof<T>());
      if (other > worse) {
        worse = other;
        child++;
      }
    }
    if (worse <= value) break;
    store<T>(scores + ((<usize>at) << alignof<T>()), worse);
    store<u32>(rows + ((<usize>at) << 2), load<u32>(rows + ((<usize>child) << 2)));
    at = child;
  }
  store<T>(scores + ((<usize>at) << alignof<T>()), value);
  store<u32>(rows + ((<usize>at) << 2), row);
}

/** The eight lanes in which `a`, then `b`, are below or at `most`, a bit each. */
// @inline
export function lanesUpTo(a: v128, b: v128, most: v128): u32 {
  return i32x4.bitmask(f32x4.le(a, most)) | (i32x4.bitmask(f32x4.le(b, most)) << 4);
}
