import { checkAborted } from '@simile/core/errors';
import type { EngineHits, EngineSearchOptions } from '../contract.ts';
import { acceptedNodes, type AcceptedNodes } from './accepted-nodes.ts';
import { heldAgainstRows, looksAtAll } from './search-work.ts';
import type { HnswGraph } from './hnsw-graph.ts';
import type { HnswThreads } from './hnsw-kernel.ts';
import type { NodeTable } from './node-table.ts';
import { orderEqual } from '../order-equal.ts';

/** Queries between two looks at a signal, a thread. */
const BLOCK = 256;

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
  writeRequest(graph, ef, k, graph.hasRows && search.rerank !== false ? held : 0, accepted.at);
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
    orderEqual(hits.slots, to, hits.distances, to, kept, order);
  }
  return short;
}

/** Says what the kernel is to do: Request in assembly/hnsw/structs.ts. `accept`: address of bits, 0 for all. */
function writeRequest(
  { memory, scratch, request }: HnswGraph,
  ef: number,
  k: number,
  rerank: number,
  accept: number,
): void {
  const { u32 } = memory.views;
  const { vectors, counts, nodes, distances } = scratch;
  let word = request / 4;
  u32[word++] = vectors;
  u32[word++] = ef;
  u32[word++] = k;
  u32[word++] = rerank;
  u32[word++] = accept;
  u32[word++] = counts;
  u32[word++] = nodes;
  u32[word] = distances;
}
