import { checkAborted } from '@simile/core/errors';
import type { EngineSetOptions } from '../contract.ts';
import type { CodeBook } from './code-book.ts';
import type { HnswGraph } from './hnsw-graph.ts';
import type { HnswThreads } from './hnsw-kernel.ts';

/** Nodes inserted at once at most: they look for links in the graph as it was before. */
const BATCH = 256;
/** Share of the graph that a batch may be. */
const SHARE = 64;
const MOST_LEVELS = 15;

/** A number from 0 to 1, decided by a seed and a count (Steele and others, “Fast splittable pseudorandom number generators”, 2014). */
function drawn(seed: number, count: number): number {
  let state = (seed ^ Math.imul(count + 1, 0x9e3779b9)) >>> 0;
  state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
  return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
}

/** Highest level of the node with a number: one of M is on the next each time. */
export function levelOf(seed: number, node: number, M: number): number {
  return Math.min(MOST_LEVELS, Math.floor(-Math.log(1 - drawn(seed, node)) / Math.log(M)));
}

/** Inserts rows as nodes, which have their levels, in batches. @throws `ERR_ABORTED`, with some of them linked */
export async function insertNodes(
  graph: HnswGraph,
  threads: HnswThreads,
  nodes: Uint32Array,
  rows: Float32Array,
  { signal, onProgress }: Partial<EngineSetOptions>,
): Promise<void> {
  const { memory, options } = graph;
  const { dimension } = options;
  graph.reserveScratch({ vectors: Math.min(BATCH, nodes.length) });
  const levels = (): Uint8Array => memory.section('levels', memory.capacity);
  for (let begin = 0; begin < nodes.length;) {
    checkAborted('hnsw-engine', signal);
    const most = Math.min(BATCH, nodes.length - begin, Math.max(1, Math.floor(graph.count / SHARE)));
    // A node that is higher than the graph comes alone: it becomes the entry.
    let size = 0;
    while (size < most && levels()[nodes[begin + size]!]! <= graph.topLevel) size++;
    size = Math.max(1, size);
    const batch = nodes.subarray(begin, begin + size);
    const { views } = memory;
    views.u32.set(batch, graph.scratch.batch / 4);
    views.f32.set(rows.subarray(begin * dimension, (begin + size) * dimension), graph.scratch.vectors / 4);
    graph.count = batch.reduce((count, node) => Math.max(count, node + 1), graph.count);
    graph.write();
    const chunk = Math.max(1, Math.ceil(size / (4 * threads.count)));
    await threads.run('encodeBatch', [graph.graph, graph.scratch.vectors], { count: size, chunk: 64 });
    await threads.run('findLinks', [graph.graph], { count: size, chunk });
    await threads.run('linkBack', [graph.graph, size], { parts: threads.count });
    setLive(graph, batch);
    const [first] = batch as unknown as [number];
    if (levels()[first]! > graph.topLevel) {
      graph.topLevel = levels()[first]!;
      graph.entry = first;
      graph.write();
    }
    begin += size;
    onProgress?.({ done: begin, total: nodes.length });
  }
}

function setLive(graph: HnswGraph, nodes: Uint32Array): void {
  const bits = graph.memory.views.u32;
  const at = graph.memory.at('live') / 4;
  for (const node of nodes) bits[at + (node >>> 5)]! |= 1 << (node & 31);
}

/** Writes all codes anew by what the book has learnt. */
export async function encodeAgain(graph: HnswGraph, threads: HnswThreads, book: CodeBook): Promise<void> {
  book.learn();
  await threads.run('encodeAgain', [graph.graph, graph.oldMean], { count: graph.count, chunk: 1024 });
}
