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
    for (let word = 0; word < allowed.length; word++) {
      for (let left = allowed[word]!; left !== 0; left &= left - 1) {
        const node = nodes.nodeOf(word * 32 + 31 - Math.clz32(left & -left));
        if (node < nodes.count) bits[node >>> 5]! |= 1 << (node & 31);
      }
    }
  }
  return { at, count: countBits(bits) };
}

function countBits(words: Uint32Array): number {
  let count = 0;
  for (const word of words) {
    let pairs = word - ((word >>> 1) & 0x55555555);
    pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
    count += Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
