import { linksOf, mostLinks } from './beam';
import { Graph, NONE } from './structs';

/** Levels a node may have above 0. */
const MOST_LEVELS: u32 = 15;

/** Whether every link of nodes [from, to) leads to a node, and links above level 0 lie in the [upperCount] there are. */
export function areLinksValid(graph: Graph, upperCount: u32): bool {
  for (let node: u32 = 0; node < graph.count; node++) {
    const levels = <u32>load<u8>(graph.levels + <usize>node);
    if (levels > MOST_LEVELS) return false;
    if (levels > 0) {
      const at = load<u32>(graph.upperAt + ((<usize>node) << 2));
      if (at > upperCount || levels * graph.M > upperCount - at) return false;
    }
    for (let level = <i32>levels; level >= 0; level--) {
      if (!areInside(graph, node, level)) return false;
    }
  }
  return true;
}

function areInside(graph: Graph, node: u32, level: i32): bool {
  const links = linksOf(graph, node, level);
  const end = links + ((<usize>mostLinks(graph, level)) << 2);
  const count = graph.count;
  // NONE and 1 is 0. Without a branch: there are millions of links on the lowest level, and all are inside.
  let outside: u32 = 0;
  for (let at = links; at < end; at += 4) outside |= <u32>(load<u32>(at) + 1 > count);
  if (outside != 0) return false;
  if (level == 0) return true;
  for (let at = links; at < end; at += 4) {
    const link = load<u32>(at);
    // A link on a level that its node does not have would be followed out of the graph.
    if (link != NONE && <i32>load<u8>(graph.levels + <usize>link) < level) return false;
  }
  return true;
}
