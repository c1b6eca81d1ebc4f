/** Best found that are held against their float32 rows, at least; twice as many as are asked for where that is more. */
const HELD = 100;
/** Nodes that a search on the graph looks at for each that it keeps, about: half a node's links. */
const LOOKED_AT = 16;

/**
 * Whether looking at every node that may be returned takes less than the graph, which looks at more nodes the fewer of them
 * count: as many more as there are others.
 */
export function looksAtAll(ef: number, nodes: number, accepted: number): boolean {
  return accepted <= (ef * LOOKED_AT * nodes) / accepted;
}

/** How many of the `ef` best are held against their float32 rows for `k` answers. */
export function heldAgainstRows(ef: number, k: number): number {
  return Math.min(ef, Math.max(HELD, 2 * k));
}
