// Best-first search on one level (Malkov and Yashunin, “Efficient and robust approximate nearest neighbor search using hierarchical
// navigable small world graphs”, TPAMI 2020, algorithm 2).
import { measureGathered } from './distances';
import { dropLeast, keyOf, nodeOf, offer, pushLeast } from './heaps';
import { Context, Graph, NONE } from './structs';

/** Bytes of a row that are fetched before its distance is worked out; past them the processor fetches ahead by itself. */
const TOUCHED: usize = 256;

// @inline
export function linksOf(graph: Graph, node: u32, level: i32): usize {
  if (level == 0) return graph.links + <usize>node * ((<usize>graph.M0) << 2);
  const at = load<u32>(graph.upperAt + ((<usize>node) << 2)) + <u32>(level - 1) * graph.M;
  return graph.upper + ((<usize>at) << 2);
}

// @inline
export function mostLinks(graph: Graph, level: i32): u32 {
  return level == 0 ? graph.M0 : graph.M;
}

// @inline
export function hasBit(bits: usize, node: u32): bool {
  return ((load<u32>(bits + ((<usize>(node >> 5)) << 2)) >> (node & 31)) & 1) != 0;
}

/** Marks a node as seen; returns 1 when it was not. */
// @inline
export function see(seen: usize, node: u32): u32 {
  const word = seen + ((<usize>(node >> 5)) << 2);
  const bit: u32 = 1 << (node & 31);
  const before = load<u32>(word);
  store<u32>(word, before | bit);
  return u32((before & bit) == 0);
}

// @inline
export function forget(graph: Graph, context: Context): void {
  memory.fill(context.seen, 0, (<usize>((graph.count + 127) >> 7)) << 4);
}

/** Gathers the links of a node that were not seen; returns how many. */
// @inline
function gather(context: Context, links: usize, most: u32): u32 {
  const gathered = context.gathered;
  const seen = context.seen;
  let count: u32 = 0;
  for (const end = links + ((<usize>most) << 2); links < end; links += 4) {
    const node = load<u32>(links);
    if (node == NONE) break;
    store<u32>(gathered + ((<usize>count) << 2), node);
    count += see(seen, node);
  }
  return count;
}

/** Loads a word of every cache line that comes next, back to back, so that the waits overlap: WebAssembly has no prefetch. */
// @inline
function touch(graph: Graph, context: Context, count: u32, next: u32, level: i32): void {
  const base = context.codes.base;
  const stride = context.codes.stride;
  const bytes = min(stride, TOUCHED);
  let sum: u32 = 0;
  for (let at: usize = 0; at < bytes; at += 64) {
    for (let list = context.gathered, end = list + ((<usize>count) << 2); list < end; list += 4) {
      sum += load<u32>(base + <usize>load<u32>(list) * stride + at);
    }
  }
  if (next != NONE) {
    const links = linksOf(graph, next, level);
    for (let at: usize = 0, end = (<usize>mostLinks(graph, level)) << 2; at < end; at += 64)
      sum += load<u32>(links + at);
  }
  context.sink = sum;
}

/**
 * Finds the `most` nodes closest to the query from those found so far, which are seen: a heap, worst first. Nodes without a
 * bit in `accept` are passed through, never kept.
 */
export function beam(graph: Graph, context: Context, level: i32, most: u32, accept: usize): void {
  const frontier = context.frontier;
  const found = context.found;
  const gathered = context.gathered;
  const distances = context.distances;
  const room = context.frontierRoom;
  let open: u32 = 0;
  let kept: u32 = 0;
  for (let i: u32 = 0; i < context.foundCount; i++) {
    const key = load<u64>(found + ((<usize>i) << 3));
    pushLeast(frontier, open++, key);
  }
  for (let i: u32 = 0; i < open; i++) {
    const key = load<u64>(frontier + ((<usize>i) << 3));
    if (!accept || hasBit(accept, nodeOf(key))) kept = offer(found, kept, most, key);
  }
  while (open > 0) {
    const closest = load<u64>(frontier);
    if (kept == most && closest > load<u64>(found)) break;
    dropLeast(frontier, open--);
    const count = gather(context, linksOf(graph, nodeOf(closest), level), mostLinks(graph, level));
    if (count == 0) continue;
    touch(graph, context, count, open > 0 ? nodeOf(load<u64>(frontier)) : NONE, level);
    measureGathered(context, count);
    for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 4) {
      const node = load<u32>(gathered + i);
      const key = keyOf(load<i32>(distances + i), node);
      if (kept == most && key >= load<u64>(found)) continue;
      if (open < room) pushLeast(frontier, open++, key);
      if (!accept || hasBit(accept, node)) kept = offer(found, kept, most, key);
    }
  }
  context.foundCount = kept;
}

/** Walks down to a level by the closest link each time; what it ends at is found, seen on no level. */
export function descend(graph: Graph, context: Context, node: u32, distance: i32, from: i32, to: i32): void {
  for (let level = from; level > to; level--) {
    for (let moved = true; moved;) {
      moved = false;
      const links = linksOf(graph, node, level);
      let count: u32 = 0;
      for (; count < graph.M; count++) {
        const link = load<u32>(links + ((<usize>count) << 2));
        if (link == NONE) break;
        store<u32>(context.gathered + ((<usize>count) << 2), link);
      }
      if (count == 0) break;
      touch(graph, context, count, NONE, level);
      measureGathered(context, count);
      for (let i: usize = 0; i < (<usize>count) << 2; i += 4) {
        const other = load<i32>(context.distances + i);
        if (other < distance) {
          distance = other;
          node = load<u32>(context.gathered + i);
          moved = true;
        }
      }
    }
  }
  store<u64>(context.found, keyOf(distance, node));
  context.foundCount = 1;
}
