// What removal asks for: nodes linked to removed ones are linked anew, to those that the removed ones were linked to (as in Singh and
// others, “FreshDiskANN”, 2021, algorithm 4). Nodes may be repaired by many threads: a node's links are written by one, and
// only links of removed nodes, which do not change, are read by others.
import { forget, hasBit, linksOf, mostLinks, see } from './beam';
import { chooseAmong } from './links';
import { Context, Graph, NONE } from './structs';

/** Repairs live nodes [from, to). */
export function repair(context: Context, from: u32, to: u32, graph: Graph): void {
  forget(graph, context);
  for (let node = from; node < to; node++) {
    if (!hasBit(graph.live, node)) continue;
    for (let level = <i32>load<u8>(graph.levels + <usize>node); level >= 0; level--) {
      if (!hasRemovedLink(graph, node, level)) continue;
      const count = gatherAround(graph, context, node, level);
      chooseAmong(graph, context, node, level, count);
    }
  }
}

function hasRemovedLink(graph: Graph, node: u32, level: i32): bool {
  const links = linksOf(graph, node, level);
  for (let j: usize = 0, end = (<usize>mostLinks(graph, level)) << 2; j < end; j += 4) {
    const link = load<u32>(links + j);
    if (link == NONE) return false;
    if (!hasBit(graph.live, link)) return true;
  }
  return false;
}

/** Gathers the live links of a node and those of its removed links, each once. */
function gatherAround(graph: Graph, context: Context, node: u32, level: i32): u32 {
  see(context.seen, node);
  const links = linksOf(graph, node, level);
  const most = (<usize>mostLinks(graph, level)) << 2;
  let count = gatherLive(graph, context, links, most, 0);
  for (let j: usize = 0; j < most; j += 4) {
    const link = load<u32>(links + j);
    if (link == NONE) break;
    if (!hasBit(graph.live, link)) count = gatherLive(graph, context, linksOf(graph, link, level), most, count);
  }
  markUnseen(context, node);
  for (let i: u32 = 0; i < count; i++) markUnseen(context, load<u32>(context.gathered + ((<usize>i) << 2)));
  return count;
}

function gatherLive(graph: Graph, context: Context, links: usize, most: usize, from: u32): u32 {
  let count = from;
  for (let j: usize = 0; j < most; j += 4) {
    const link = load<u32>(links + j);
    if (link == NONE) break;
    if (!hasBit(graph.live, link)) continue;
    store<u32>(context.gathered + ((<usize>count) << 2), link);
    count += see(context.seen, link);
  }
  return count;
}

// @inline
function markUnseen(context: Context, node: u32): void {
  const word = context.seen + ((<usize>(node >> 5)) << 2);
  store<u32>(word, load<u32>(word) & ~((<u32>1) << (node & 31)));
}
