// Which nodes a node is linked to: candidates in order of distance, each kept unless one kept before is closer to it than the
// node is, by a factor alpha on squared distances (algorithm 4 of Malkov and Yashunin; alpha as in Subramanya and others, “DiskANN”, NeurIPS 2019).
import { linksOf, mostLinks } from './beam';
import { prepareNode } from './codes';
import { floatOf, measure, orderOf } from './distances';
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
  if (level == 0) store<u8>(graph.settled + <usize>node, <u8>count);
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
  const settled = level == 0 ? <u32>load<u8>(graph.settled + <usize>node) : 0;
  const fresh = count - settled;
  const fits = (fresh + 1) * wide(count) <= most * (most + 1);
  if (fresh <= FRESH && fits) settle(graph, context, node, count, settled);
  else chooseAmong(graph, context, node, level, count);
}

/** Fresh links up to which it is less work to look at them only. */
const FRESH: u32 = 16;

/** Room for the distances of a row of nodes: whole fours. */
// @inline
function wide(count: u32): u32 {
  return (count + 3) & ~3;
}

/**
 * Links a node anew to the best of the gathered nodes, as {@link chooseAmong} does, where the first `settled` of them do not rule
 * out each other: only the others have to be measured, each against all. The index of a gathered node takes its place in keys.
 */
function settle(graph: Graph, context: Context, node: u32, count: u32, settled: u32): void {
  const gathered = context.gathered;
  const distances = context.distances;
  const keys = context.candidates;
  const chosen = context.chosen;
  const row = (<usize>wide(count)) << 2;
  prepareNode(graph, context, graph.build, node);
  measure(context, gathered, count, distances);
  for (let i: u32 = 0; i < count; i++) {
    // The first are in order: few have far to go.
    const key = keyOf(load<i32>(distances + ((<usize>i) << 2)), i);
    let at = keys + ((<usize>i) << 3);
    for (; at > keys; at -= 8) {
      const before = load<u64>(at - 8);
      if (before < key) break;
      store<u64>(at, before);
    }
    store<u64>(at, key);
  }
  for (let i = settled; i < count; i++) {
    prepareNode(graph, context, graph.build, load<u32>(gathered + ((<usize>i) << 2)));
    measure(context, gathered, count, distances + <usize>(i - settled + 1) * row);
  }
  const matrix = distances + row;
  const most = graph.M0;
  let kept: u32 = 0;
  for (let i: u32 = 0; i < count && kept < most; i++) {
    const key = load<u64>(keys + ((<usize>i) << 3));
    const index = nodeOf(key);
    const limit = orderOf(floatOf(<i32>(<u32>(key >> 32) ^ 0x80000000)) / graph.alpha);
    let isClosest = true;
    if (index >= settled) {
      const own = matrix + <usize>(index - settled) * row;
      for (let j: u32 = 0; j < kept; j++) {
        if (load<i32>(own + ((<usize>load<u32>(chosen + ((<usize>j) << 2))) << 2)) < limit) {
          isClosest = false;
          break;
        }
      }
    } else {
      for (let j: u32 = 0; j < kept; j++) {
        const other = load<u32>(chosen + ((<usize>j) << 2));
        if (other >= settled && load<i32>(matrix + <usize>(other - settled) * row + ((<usize>index) << 2)) < limit) {
          isClosest = false;
          break;
        }
      }
    }
    if (!isClosest) continue;
    store<u32>(chosen + (usize(kept++) << 2), index);
  }
  for (let at = chosen, end = chosen + ((<usize>kept) << 2); at < end; at += 4) {
    store<u32>(at, load<u32>(gathered + ((<usize>load<u32>(at)) << 2)));
  }
  writeLinks(graph, context, node, 0, kept);
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
