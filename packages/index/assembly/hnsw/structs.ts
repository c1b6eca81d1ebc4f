// What the host lays out: every field has four bytes, in this order. src/hnsw/hnsw-layout.ts lists them again.

/** No node: ends a list of links. */
export const NONE: u32 = 0xffffffff;

export const COSINE: u32 = 0;
export const EUCLIDEAN: u32 = 1; // 2 is its square
export const INNER_PRODUCT: u32 = 3;
export const SNR: u32 = 4;

export const F32: u32 = 0;
export const F16: u32 = 1;
export const I8: u32 = 2;
export const I4: u32 = 3;
export const BINARY: u32 = 4;

/** Rows in one precision: `values` of a node at `base + node · stride`, then at `factorAt` a factor and a squared norm, both f32. */
// @unmanaged
export class Codes {
  kind: u32;
  base: usize;
  stride: usize;
  /** Whole runs of values that the kernel takes at once, and whether half a run follows (4 bit only). */
  runs: u32;
  half: u32;
  factorAt: usize;
  /** 15. */
  nibble: u32;
}

/** A graph over nodes `0 … count − 1`. */
// @unmanaged
export class Graph {
  /** Values of a row as it was added, and of a code: one more for inner products. */
  dimension: u32;
  width: u32;
  metric: u32;
  /** Links of a node on level 0, and on each level above. */
  M0: u32;
  M: u32;
  efConstruction: u32;
  alpha: f32;
  /** Squared length that rows are brought to under inner product. */
  reach: f32;
  entry: u32;
  topLevel: i32;
  count: u32;
  /** Float32 rows, as Codes of kind F32; base 0 when there are none. */
  rows: Codes;
  /** What a search walks over, and what links are chosen by: the same, or the rows. */
  search: Codes;
  build: Codes;
  /** Mean of the transformed rows: [width] f32. */
  mean: usize;
  links: usize;
  /** [count] u32: where a node's links above level 0 begin, in links; level l has M from (l − 1) · M. */
  upperAt: usize;
  upper: usize;
  /** [count] u8 */
  levels: usize;
  /** Bits of nodes that hold a row; 0 when all do. */
  live: usize;
  /** Nodes to be inserted: [batch] u32. */
  batch: usize;
  /** [count] u8: how many of a node's links on level 0, from the first on, were chosen beside each other, so that none rules out another. */
  settled: usize;
}

/** What one thread works with. */
// @unmanaged
export class Context {
  /** [width] f32 each: the vector as given; transformed. */
  vector: usize;
  transformed: usize;
  /** The query in the form that the kernel of its precision wants. */
  query: usize;
  /** distance = norm + queryNorm − factor · queryScale · (sum − queryOffset) */
  queryNorm: f32;
  queryScale: f32;
  queryOffset: f32;
  /** Codes that the query is prepared for. */
  codes: Codes;
  /** Bits of nodes seen: [count]. */
  seen: usize;
  /** Nodes gathered and distances as ordered i32: [M0 · (M0 + 1) + 8] each. */
  gathered: usize;
  distances: usize;
  /** Heap of nodes to expand, with room for as many. */
  frontier: usize;
  frontierRoom: u32;
  /** The best found: keys, worst first while a search runs, ascending after. [max(ef, efConstruction)] u64 */
  found: usize;
  foundCount: u32;
  /** Links chosen: [M0 + 4] u32. */
  chosen: usize;
  /** Keys of candidates for links: [efConstruction + M0 · (M0 + 1)] u64. */
  candidates: usize;
  /** Keeps loads alive whose value nobody wants. */
  sink: u32;
}

/** A batch of searches. */
// @unmanaged
export class Request {
  /** [queries × dimension] f32 */
  queries: usize;
  ef: u32;
  k: u32;
  /** How many of the best are held against their float32 rows; 0 for none. */
  rerank: u32;
  /** Bits of nodes that may be returned; 0 for all. */
  accept: usize;
  /** [queries] u32, [queries × k] u32, [queries × k] f64 */
  counts: usize;
  nodes: usize;
  distances: usize;
}
