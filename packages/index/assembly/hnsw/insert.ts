// Nodes are inserted in batches: first each looks for its links in the graph as it was, writing its own only; then the others
// are linked back, each by one thread. So the graph does not depend on how many threads there are.
import { beam, descend, forget, hasBit, linksOf, mostLinks, see } from './beam';
import { decode, encode, prepareNode } from './codes';
import { measureOne } from './distances';
import { nodeOf, sortAscending } from './heaps';
import { choose, linkTo, writeLinks } from './links';
import { Context, Graph, NONE } from './structs';

// @inline
function batchNode(graph: Graph, i: u32): u32 {
  return load<u32>(graph.batch + ((<usize>i) << 2));
}

// @inline
function levelOf(graph: Graph, node: u32): i32 {
  return <i32>load<u8>(graph.levels + <usize>node);
}

/** Encodes vectors [from, to) of the batch, which lie one after the other at `vectors`. */
export function encodeBatch(context: Context, from: u32, to: u32, graph: Graph, vectors: usize): void {
  for (let i = from; i < to; i++) {
    const vector = vectors + <usize>i * ((<usize>graph.dimension) << 2);
    const node = batchNode(graph, i);
    if (graph.rows.base) encode(graph, context, graph.rows, node, vector);
    if (graph.search.base != graph.rows.base) encode(graph, context, graph.search, node, vector);
  }
}

/** Encodes nodes [from, to) after a change of the mean or the reach: from their rows, or from what their codes said under `oldMean`. */
export function encodeAgain(context: Context, from: u32, to: u32, graph: Graph, oldMean: usize): void {
  const vector = context.vector;
  const rows = graph.rows;
  for (let node = from; node < to; node++) {
    if (rows.base) {
      memory.copy(vector, rows.base + <usize>node * rows.stride, (<usize>graph.dimension) << 2);
      encode(graph, context, rows, node, vector);
    } else {
      decode(graph, graph.search, node, oldMean, vector);
    }
    if (graph.search.base != rows.base) encode(graph, context, graph.search, node, vector);
    if (graph.build.base != graph.search.base && graph.build.base != rows.base) {
      encode(graph, context, graph.build, node, vector);
    }
  }
}

/** Finds and writes the links of batch nodes [from, to), on all their levels that the graph has. */
export function findLinks(context: Context, from: u32, to: u32, graph: Graph): void {
  const most = graph.efConstruction;
  for (let i = from; i < to; i++) {
    const node = batchNode(graph, i);
    const level = levelOf(graph, node);
    for (let above = level; above >= 0; above--) writeLinks(graph, context, node, above, 0);
    if (graph.topLevel < 0) continue;
    const top = min(level, graph.topLevel);
    prepareNode(graph, context, graph.build, node);
    descend(graph, context, graph.entry, measureOne(context, graph.entry), graph.topLevel, top);
    for (let l = top; l >= 0; l--) {
      prepareNode(graph, context, graph.build, node);
      forget(graph, context);
      see(context.seen, node);
      for (let j: u32 = 0; j < context.foundCount; j++)
        see(context.seen, nodeOf(load<u64>(context.found + ((<usize>j) << 3))));
      beam(graph, context, l, most, 0);
      sortAscending(context.found, context.foundCount);
      const count = copyLive(graph, context);
      writeLinks(graph, context, node, l, choose(graph, context, count, mostLinks(graph, l)));
    }
  }
}

/** Found nodes that hold a row become candidates; returns how many. */
function copyLive(graph: Graph, context: Context): u32 {
  let count: u32 = 0;
  for (let j: u32 = 0; j < context.foundCount; j++) {
    const key = load<u64>(context.found + ((<usize>j) << 3));
    if (graph.live && !hasBit(graph.live, nodeOf(key))) continue;
    store<u64>(context.candidates + (usize(count++) << 3), key);
  }
  return count;
}

/** Links nodes back to those of the batch, [0, size), that chose them: nodes of which `node % parts` is `part`. */
export function linkBack(context: Context, part: u32, parts: u32, graph: Graph, size: u32): void {
  for (let i: u32 = 0; i < size; i++) {
    const node = batchNode(graph, i);
    for (let level = min(levelOf(graph, node), graph.topLevel); level >= 0; level--) {
      const links = linksOf(graph, node, level);
      for (let j: u32 = 0; j < mostLinks(graph, level); j++) {
        const target = load<u32>(links + ((<usize>j) << 2));
        if (target == NONE) break;
        if (target % parts == part) linkTo(graph, context, target, node, level);
      }
    }
  }
}
