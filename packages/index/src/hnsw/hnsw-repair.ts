import type { HnswGraph } from './hnsw-graph.ts';
import type { HnswThreads } from './hnsw-kernel.ts';
import type { NodeTable } from './node-table.ts';

/** Share of the nodes that may be removed before the graph is repaired; fewer than so many are not worth it. */
const SHARE = 0.1;
const LEAST = 64;

/** Whether so many nodes are removed that searches would suffer. */
export const needsRepair = (nodes: NodeTable): boolean => nodes.removedCount >= Math.max(LEAST, nodes.count * SHARE);

/** Links what was linked to removed nodes anew, and lets these be used again. */
export async function repairGraph(graph: HnswGraph, nodes: NodeTable, threads: HnswThreads): Promise<void> {
  if (nodes.removedCount === 0) return;
  await threads.run('repair', [graph.graph], { count: graph.count, chunk: 256 });
  nodes.release();
  moveEntry(graph);
}

/** Makes the highest node that holds a row the entry. */
function moveEntry(graph: HnswGraph): void {
  const levels = graph.memory.section('levels', graph.count);
  const { u32 } = graph.memory.views;
  const live = graph.memory.at('live') / 4;
  const isLive = (node: number): boolean => ((u32[live + (node >>> 5)]! >>> (node & 31)) & 1) === 1;
  if (graph.topLevel < 0 || isLive(graph.entry)) return;
  let entry = 0;
  let topLevel = -1;
  for (let node = 0; node < graph.count; node++) {
    if (levels[node]! > topLevel && isLive(node)) {
      entry = node;
      topLevel = levels[node]!;
    }
  }
  graph.entry = entry;
  graph.topLevel = topLevel;
  graph.write();
}
