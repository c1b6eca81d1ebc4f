// Which nodes a node is linked to: candidates in order of distance, each kept unless one kept before is closer to it than the
// node is, by a factor alpha on squared distances (algorithm 4 of Malkov and Yashunin; alpha as in Subramanya and others, “DiskANN”, NeurIPS 2019).
import { linksOf, mostLinks } from './beam';
import { prepareNode } from './codes';
import { floatOf, measure } from './distances';
import { keyOf, nodeOf, sortKeys } from './heaps';
import { Context, Graph, NONE } from './structs';

/** Chooses at most `most` of the candidates, `count` keys in ascending order; returns how many. Changes the query of the context. */
export function choose(graph: Graph, context: Context, count: u32, most: u32): u32 {
  const codes = graph.build;
  const chosen = context.chosen;
  const distances = context.distances;
  let kept: u32 = 0;
  for (let i: u32 = 0; i < count && kept < most; i++) {
    const key = load<u64>(context.candidates + ((<usize>i) << 3));
    const node = nodeOf(key);
    let isClosest = true;
    if (kept > 0) {
      const own = floatOf(<i32>(<u32>(key >> 32) ^ 0x80000000));
      const limit = own / graph.alpha;
      prepareNode(graph, context, codes, node);
      // Four at a time: the first kept are the closest, and turn most away.
      for (let from: u32 = 0; from < kept && isClosest; from += 4) {
        const size = min<u32>(4, kept - from);
        measure(context, chosen + ((<usize>from) << 2), size, distances);
        for (let j: u32 = 0; j < size; j++) {
          if (floatOf(load<i32>(distances + ((<usize>j) << 2))) < limit) {
            isClosest = false;
            break;
          }
        }
      }
    }
    if (isClosest) store<u32>(chosen + (usize(kept++) << 2), node);
  }
  return kept;
}

/** Writes the chosen nodes as links. */
export function writeLinks(graph: Graph, context: Context, node: u32, level: i32, count: u32): void {
  const links = linksOf(graph, node, level);
  memory.copy(links, context.chosen, (<usize>count) << 2);
  const end = (<usize>mostLinks(graph, level)) << 2;
  for (let at = (<usize>count) << 2; at < end; at += 4) store<u32>(links + at, NONE);
}

/** Links `node` to `source`; where it has all the links it may have, chooses anew among them and the new one. */
export function linkTo(graph: Graph, context: Context, node: u32, source: u32, level: i32): void {
  const links = linksOf(graph, node, level);
  const most = mostLinks(graph, level);
  let count: u32 = 0;
  for (; count < most; count++) {
    const link = load<u32>(links + ((<usize>count) << 2));
    if (link == source) return;
    if (link == NONE) {
      store<u32>(links + ((<usize>count) << 2), source);
      return;
    }
    store<u32>(context.gathered + ((<usize>count) << 2), link);
  }
  store<u32>(context.gathered + (usize(count++) << 2), source);
  chooseAmong(graph, context, node, level, count);
}

/** Links a node anew to the best of the gathered nodes. */
export function chooseAmong(graph: Graph, context: Context, node: u32, level: i32, count: u32): void {
  prepareNode(graph, context, graph.build, node);
  measure(context, context.gathered, count, context.distances);
  for (let i: u32 = 0; i < count; i++) {
    const key = keyOf(
      load<i32>(context.distances + ((<usize>i) << 2)),
      load<u32>(context.gathered + ((<usize>i) << 2)),
    );
    store<u64>(context.candidates + ((<usize>i) << 3), key);
  }
  sortKeys(context.candidates, count);
  writeLinks(graph, context, node, level, choose(graph, context, count, mostLinks(graph, level)));
}
