import { checkAborted } from '@simile/core/errors';
import type { EngineHits, EngineSearchOptions } from '../contract.ts';
import { acceptedNodes, type AcceptedNodes } from './accepted-nodes.ts';
import type { HnswGraph } from './hnsw-graph.ts';
import type { HnswThreads } from './hnsw-threads.ts';
import type { NodeTable } from './node-table.ts';

/** Best found that are held against their float32 rows, at least; twice as many as are asked for where that is more. */
const RERANKED = 100;
/** Queries between two looks at a signal, a thread. */
const BLOCK = 256;
/** Nodes that a search on the graph looks at for each that it keeps, about: half a node's links. */
const LOOKED_AT = 16;

/** What a search of a graph goes by. */
export interface GraphSearch {
  readonly graph: HnswGraph;
  readonly nodes: NodeTable;
  readonly threads: HnswThreads;
  readonly order: (slot: number) => number;
  readonly ef: number;
  /** Looks at every node that may be returned. */
  readonly exact: boolean;
  /** Whether the best are held against their float32 rows. Default true, where there are rows. */
  readonly rerank?: boolean;
}

/**
 * Answers queries: by the graph, or by looking at every row that may be returned where these are so few that the graph
 * would take longer, or did not find as many as there are.
 */
export function searchGraph(
  search: GraphSearch,
  queries: Float32Array,
  options: EngineSearchOptions,
): EngineHits | Promise<EngineHits> {
  const { graph, nodes } = search;
  const { dimension } = graph.options;
  const accepted = acceptedNodes(graph, nodes, options.allowed);
  const k = Math.min(options.k, accepted.count);
  const count = queries.length / dimension;
  const hits: EngineHits = {
    k,
    counts: new Uint32Array(count),
    slots: new Uint32Array(count * k),
    distances: new Float64Array(count * k),
  };
  if (k === 0 || count === 0) return hits;
  const ef = Math.max(search.ef, k);
  const exact = search.exact || looksAtAll(ef, nodes.count, accepted.count);
  const block = BLOCK * search.threads.count;
  const ask = (begin: number): void | Promise<void> =>
    askBlock(search, { queries, begin, count: Math.min(block, count - begin), k, ef, exact, accepted });
  const take = (begin: number): number[] =>
    takeBlock(search, hits, begin, Math.min(block, count - begin), options.radius);
  if (count <= block && search.threads.count === 1) {
    checkAborted('index', options.signal);
    void ask(0);
    const short = take(0);
    if (exact || short.length === 0) return hits;
  }
  return answerAll();

  async function answerAll(): Promise<EngineHits> {
    for (let begin = 0; begin < count; begin += block) {
      if (options.signal && begin > 0) await new Promise((resolve) => setTimeout(resolve)); // lets an abort arrive
      checkAborted('index', options.signal);
      await ask(begin);
      const short = take(begin);
      if (exact) continue;
      for (const query of short) {
        await askBlock(search, { queries, begin: query, count: 1, k, ef, exact: true, accepted });
        takeBlock(search, hits, query, 1, options.radius);
      }
    }
    return hits;
  }
}

/**
 * Whether looking at every node that may be returned takes less than the graph, which looks at more nodes the fewer of them
 * count: as many more as there are others.
 */
export function looksAtAll(ef: number, nodes: number, accepted: number): boolean {
  return accepted <= (ef * LOOKED_AT * nodes) / accepted;
}

/** How many of the `ef` best are held against their float32 rows for `k` answers. */
export function heldAgainstRows(ef: number, k: number): number {
  return Math.min(ef, Math.max(RERANKED, 2 * k));
}

interface Block {
  readonly queries: Float32Array;
  readonly begin: number;
  readonly count: number;
  readonly k: number;
  readonly ef: number;
  readonly exact: boolean;
  readonly accepted: AcceptedNodes;
}

function askBlock(search: GraphSearch, block: Block): void | Promise<void> {
  const { graph, threads } = search;
  const { queries, begin, count, k, exact, accepted } = block;
  const { dimension } = graph.options;
  // Float32 may swap what is close: a few more are kept than asked for.
  const ef = exact ? Math.min(accepted.count, 2 * k + 32) : block.ef;
  graph.reserveScratch({ found: ef, vectors: count, hits: count * k });
  const { scratch, memory } = graph;
  const all = count * dimension === queries.length;
  const batch = all ? queries : queries.subarray(begin * dimension, (begin + count) * dimension);
  memory.views.f32.set(batch, scratch.vectors / 4);
  const held = exact ? ef : heldAgainstRows(ef, k);
  graph.setRequest(ef, k, graph.hasRows && search.rerank !== false ? held : 0, accepted.at);
  const chunk = Math.min(8, Math.ceil(count / (4 * threads.count)));
  return threads.run(exact ? 'searchAll' : 'searchBatch', [graph.graph, graph.request], { count, chunk });
}

/** Takes the answers of a block over. Returns queries, by number, that have fewer than `k`. */
function takeBlock(search: GraphSearch, hits: EngineHits, begin: number, count: number, radius: number): number[] {
  const { graph, nodes, order } = search;
  const { k } = hits;
  const { scratch, memory } = graph;
  const { u32, f64 } = memory.views;
  const short: number[] = [];
  for (let i = 0; i < count; i++) {
    const found = u32[scratch.counts / 4 + i]!;
    if (found < k) short.push(begin + i);
    const from = i * k;
    const to = (begin + i) * k;
    let kept = 0;
    while (kept < found) {
      const distance = f64[scratch.distances / 8 + from + kept]!;
      if (!(distance <= radius)) break;
      hits.distances[to + kept] = distance;
      hits.slots[to + kept] = nodes.slotOf(u32[scratch.nodes / 4 + from + kept]!);
      kept++;
    }
    hits.counts[begin + i] = kept;
    if (kept < k) hits.distances.fill(Infinity, to + kept, to + k);
    orderEqual(hits, to, kept, order);
  }
  return short;
}

/** Puts slots of equal distance in the order of adding. */
function orderEqual(
  { slots, distances }: EngineHits,
  at: number,
  count: number,
  order: (slot: number) => number,
): void {
  for (let i = at + 1; i < at + count; i++) {
    const slot = slots[i]!;
    let place = i;
    while (place > at && distances[place - 1] === distances[i] && order(slots[place - 1]!) > order(slot)) place--;
    if (place < i) {
      slots.copyWithin(place + 1, place, i);
      slots[place] = slot;
    }
  }
}
