import { bitsSet, eachSlot } from '../slot-bits.ts';
import type { HnswGraph } from './hnsw-graph.ts';
import type { NodeTable } from './node-table.ts';

/** Nodes that a search may return. */
export interface AcceptedNodes {
  /** Address of their bits; 0 for all. */
  readonly at: number;
  readonly count: number;
}

/** Nodes that hold a row, or those of the slots that are allowed; their bits are written to memory. */
export function acceptedNodes(graph: HnswGraph, nodes: NodeTable, allowed: Uint32Array | undefined): AcceptedNodes {
  const { memory } = graph;
  if (!allowed) return { at: nodes.size < nodes.count ? memory.at('live') : 0, count: nodes.size };
  const { u32 } = memory.views;
  const words = Math.ceil(nodes.count / 32);
  const at = memory.at('accepted');
  const bits = u32.subarray(at / 4, at / 4 + words);
  if (nodes.isIdentity) {
    const live = memory.at('live') / 4;
    for (let word = 0; word < words; word++) bits[word] = (allowed[word] ?? 0) & u32[live + word]!;
  } else {
    bits.fill(0);
    eachSlot(allowed, undefined, (slot) => {
      const node = nodes.nodeOf(slot);
      if (node < nodes.count) bits[node >>> 5]! |= 1 << (node & 31);
    });
  }
  return { at, count: bits.reduce((count, word) => count + bitsSet(word), 0) };
}
