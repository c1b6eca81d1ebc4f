import { beam, descend, forget, see } from './beam';
import { prepareQuery } from './codes';
import { floatOf, measureGathered, measureOne, orderOf } from './distances';
import { codeDistance, keepVector, ownTerm, rowDistance, rowScore } from './exact';
import { keyOf, nodeOf, offer, sortAscending } from './heaps';
import { Context, Graph, Request } from './structs';

/** Rows fetched before they are compared. */
const AHEAD: u32 = 8;

/** Answers queries [from, to) of a request by the graph. */
export function searchBatch(context: Context, from: u32, to: u32, graph: Graph, request: Request): void {
  for (let i = from; i < to; i++) {
    const vector = request.queries + <usize>i * ((<usize>graph.dimension) << 2);
    prepareQuery(graph, context, graph.search, vector);
    descend(graph, context, graph.entry, measureOne(context, graph.entry), graph.topLevel, 0);
    forget(graph, context);
    see(context.seen, nodeOf(load<u64>(context.found)));
    beam(graph, context, 0, request.ef, request.accept);
    sortAscending(context.found, context.foundCount);
    answer(graph, context, request, i, vector);
  }
}

/** Answers queries [from, to) of a request by looking at every node that may be returned. */
export function searchAll(context: Context, from: u32, to: u32, graph: Graph, request: Request): void {
  const hasRows = graph.rows.base != 0;
  const accept = request.accept;
  const most = request.ef;
  for (let i = from; i < to; i++) {
    const vector = request.queries + <usize>i * ((<usize>graph.dimension) << 2);
    keepVector(graph, context, vector);
    if (!hasRows) prepareQuery(graph, context, graph.search, vector);
    let kept: u32 = 0;
    for (let first: u32 = 0; first < graph.count; first += 32) {
      let bits: u32 = accept ? load<u32>(accept + ((<usize>(first >> 5)) << 2)) : <u32>-1;
      if (graph.count - first < 32) bits &= ((<u32>1) << (graph.count - first)) - 1;
      let count: u32 = 0;
      for (; bits; bits &= bits - 1) store<u32>(context.gathered + (usize(count++) << 2), first + <u32>ctz(bits));
      if (count == 0) continue;
      if (hasRows) scoreGathered(graph, context, count);
      else measureGathered(context, count);
      for (let at: usize = 0; at < (<usize>count) << 2; at += 4) {
        kept = offer(
          context.found,
          kept,
          most,
          keyOf(load<i32>(context.distances + at), load<u32>(context.gathered + at)),
        );
      }
    }
    context.foundCount = kept;
    sortAscending(context.found, kept);
    answer(graph, context, request, i, vector);
  }
}

function scoreGathered(graph: Graph, context: Context, count: u32): void {
  for (let at: usize = 0; at < (<usize>count) << 2; at += 4) {
    store<i32>(context.distances + at, orderOf(rowScore(graph, context, load<u32>(context.gathered + at))));
  }
}

/** Writes the best `k` of those found, which are in order, with distances as exact as what is kept allows. */
function answer(graph: Graph, context: Context, request: Request, query: u32, vector: usize): void {
  const k = request.k;
  let count = min(context.foundCount, max(k, request.rerank));
  let keys = context.found;
  keepVector(graph, context, vector);
  if (request.rerank) {
    count = rerank(graph, context, count, k);
    keys = context.candidates;
  }
  count = min(count, k);
  const nodes = request.nodes + ((<usize>query * <usize>k) << 2);
  const distances = request.distances + ((<usize>query * <usize>k) << 3);
  const own = request.rerank ? ownTerm(graph, context) : 0;
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u64>(keys + ((<usize>i) << 3));
    const node = nodeOf(key);
    const distance = request.rerank
      ? rowDistance(graph, context, node, own)
      : codeDistance(graph, context, floatOf(<i32>(<u32>(key >> 32) ^ 0x80000000)));
    let place = <usize>i;
    for (; place > 0; place--) {
      const before = load<f64>(distances + ((place - 1) << 3));
      if (before <= distance) break;
      store<f64>(distances + (place << 3), before);
      store<u32>(nodes + (place << 2), load<u32>(nodes + ((place - 1) << 2)));
    }
    store<f64>(distances + (place << 3), distance);
    store<u32>(nodes + (place << 2), node);
  }
  store<u32>(request.counts + ((<usize>query) << 2), count);
}

/** Holds the first `count` found against their float32 rows and keeps the best, a few more than `k`, as candidates in order. */
function rerank(graph: Graph, context: Context, count: u32, k: u32): u32 {
  const rows = graph.rows;
  const most = k + 2; // float32 may swap the last ones
  let kept: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (i % AHEAD == 0) {
      let sum: u32 = 0;
      for (let ahead = i; ahead < min(count, i + AHEAD); ahead++) {
        const row = rows.base + <usize>nodeOf(load<u64>(context.found + ((<usize>ahead) << 3))) * rows.stride;
        for (let at: usize = 0, end = min<usize>(rows.stride, 512); at < end; at += 64) sum += load<u32>(row + at);
      }
      context.sink = sum;
    }
    const node = nodeOf(load<u64>(context.found + ((<usize>i) << 3)));
    kept = offer(context.candidates, kept, most, keyOf(orderOf(rowScore(graph, context, node)), node));
  }
  sortAscending(context.candidates, kept);
  return kept;
}
