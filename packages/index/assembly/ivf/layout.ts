// What the host writes and the kernel reads: every field is four bytes, in this order. src/ivf/ivf-layout.ts names the same fields.

/** An index: sizes, and where its parts lie. Only the host changes it, so that many threads may read it. */
// @unmanaged
export class Layout {
  /** 0 cosine, 1 inner product, 2 euclidean and its square, 3 snr. */
  metric: i32;
  dimension: i32;
  /** Dimension, rounded up to a multiple of four; values beyond the dimension are 0. */
  width: i32;
  /** Rows of a chunk, as a power of two. */
  rowShift: i32;
  /** Addresses of the chunks of float32 rows, `width` values each. */
  chunks: usize;
  /** Taken off every row before it is coded: [width]. */
  mean: usize;
  /** Rows are coded as (x − mean) · scale. */
  scale: f32;
  partitions: i32;
  /** Centroids in groups of 16, as int16, two values of each at a time: see coarse.ts. */
  centroids: usize;
  /** Value of one step of a centroid's int16. */
  centroidStep: f32;
  /** Half the square of each centroid: [partitions, rounded up to 16], the rest huge. */
  assignBias: usize;
  /** As assignBias for euclidean distances, else 0. */
  probeBias: usize;
  /** Even. */
  subspaces: i32;
  /** Values of a subspace. */
  subspaceSize: i32;
  /** [subspaces, subspaceSize, 16] */
  codebooks: usize;
  /** Address and count of rows of each list: [partitions, 2]. */
  lists: usize;
  /** Of 32 rows: slots, biases where there are any, codes. */
  blockBytes: i32;
  /** Whether rows have a bias: half the square of what the code says, less half that of its error. */
  biased: i32;
  /** No bias of a row is lower or higher. */
  leastBias: f32;
  mostBias: f32;
  /** Weight of an error along the row against one across it. */
  parallelWeight: f32;
  /** Addresses of the chunks of int8 rows. */
  bytes: usize;
  /** Of an int8 row: values, rounded up to a multiple of 16, then value of a step and half the square as float32. */
  byteStride: i32;
}

/** What one search writes to. */
// @unmanaged
export class Context {
  /** The query as given: [width]. */
  query: usize;
  /** As rows are coded: [subspaces · subspaceSize or width, the larger]. */
  coded: usize;
  /** The same as int16: [width, rounded up to 16], zeros at the end. */
  short: usize;
  /** [partitions, rounded up to 16] */
  keys: usize;
  /** Lists to look at, as sortable key and number: u64 [partitions]. */
  probes: usize;
  /** Costs of codes: float32 [subspaces, 16]. */
  costs: usize;
  /** The same, in steps: u8 [subspaces, 16]. */
  tables: usize;
  /** How many of the found rows have a cost: u16 [BINS], zeros between searches. */
  histogram: usize;
  /** Cost and slot of rows found: u32 [capacity, 2]. */
  found: usize;
  capacity: i32;
  count: i32;
  /** Rows wanted of the scan. */
  wanted: i32;
  /** Costs below bound << shift are among the best so far. */
  bound: i32;
  shift: i32;
  /** Found rows below the bound. */
  within: i32;
  /** Highest bin while fewer than wanted are found. */
  highest: i32;
  /** Steps of 1 of a cost. */
  perCost: f32;
  /** 192 bytes. */
  spill: usize;
  /** The closest so far, the farthest on top: u64 [kept]. */
  heap: usize;
  kept: i32;
  /** Their distances: float64 [kept, rounded up to 4]. */
  distances: usize;
  /** Their slots: u32 [kept]. */
  slots: usize;
  /** Bits of slots that may be returned; 0 for all. */
  allowed: usize;
  /** Words of `allowed`. */
  allowedWords: i32;
  /** Rows whose codes were looked at, since the host set it to 0. */
  scanned: i32;
  /** Value of a step of `short`. */
  shortStep: f32;
  /** Where the limit of the keys chosen last lay, as a part of their range. */
  guess: f32;
  /** Lists chosen, and the key of the first of them. */
  probeCount: i32;
  firstKey: f32;
  /** Keeps touching loads alive. */
  sink: i32;
}

/** Searches that go side by side: what they are to do, and where the answers go. */
// @unmanaged
export class Request {
  /** [count, dimension] */
  queries: usize;
  /** Bits of slots that may be returned; 0 for all. */
  allowed: usize;
  allowedWords: i32;
  probes: i32;
  /** Rows wanted of the scan. */
  wanted: i32;
  /** Places a query. */
  keep: i32;
  /** 1 for euclidean. */
  root: i32;
  /** Answers: u32 [count], u32 [count, keep], float64 [count, keep]. */
  counts: usize;
  slots: usize;
  distances: usize;
}

/** What one thread writes to while it does its part of some work. */
// @unmanaged
export class Room {
  /** Addresses of contexts, for searches side by side. */
  contexts: usize;
  /** A number a list, and three for each list of each of them. */
  entries: usize;
  /** A row as int16: [width, rounded up to 16]. */
  short: usize;
  /** [partitions, rounded up to 16] */
  keys: usize;
  /** For coding, and for words of subspaces. */
  spare: usize;
}

/** Where the row at a slot lies. */
// @inline
export function rowAt(layout: Layout, slot: u32): usize {
  const chunk = load<usize>(layout.chunks + ((<usize>(slot >> layout.rowShift)) << 2));
  const at = <usize>(slot & ((1 << layout.rowShift) - 1));
  return chunk + at * ((<usize>layout.width) << 2);
}

/** Where the int8 row at a slot lies. */
// @inline
export function bytesAt(layout: Layout, slot: u32): usize {
  const chunk = load<usize>(layout.bytes + ((<usize>(slot >> layout.rowShift)) << 2));
  return chunk + <usize>(slot & ((1 << layout.rowShift) - 1)) * <usize>layout.byteStride;
}
