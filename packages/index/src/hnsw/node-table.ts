import { NONE } from './hnsw-layout.ts';

/**
 * Which node holds the row of which slot. A row that is replaced gets another node; nodes of removed rows stay in the graph,
 * passed through but never returned, until it is repaired, and are used again after.
 */
export class NodeTable {
  #nodes: Uint32Array = new Uint32Array(0);
  #slots: Uint32Array = new Uint32Array(0);
  /** Nodes that may be used again, and those that wait for the repair. */
  #free: number[] = [];
  #removed: number[] = [];
  /** Nodes ever used: all below are in one of the lists or hold a row. */
  count = 0;
  size = 0;
  /** Whether every slot's node has its number. */
  isIdentity = true;

  get removedCount(): number {
    return this.#removed.length;
  }

  nodeOf(slot: number): number {
    return this.#nodes[slot] ?? NONE;
  }

  slotOf(node: number): number {
    return this.#slots[node]!;
  }

  /** Nodes for `count` rows, those that are free first; nothing changes yet. */
  plan(count: number): Uint32Array {
    const reused = Math.min(count, this.#free.length);
    const from = this.#free.length - 1;
    return Uint32Array.from({ length: count }, (_, i) =>
      i < reused ? this.#free[from - i]! : this.count + i - reused,
    );
  }

  /** Takes what was planned, before it is linked: the nodes hold no slot's row yet. */
  take(nodes: Uint32Array): void {
    const reused = Math.min(nodes.length, this.#free.length);
    this.#free.length -= reused;
    this.count += nodes.length - reused;
    this.#slots = grown(this.#slots, this.count);
  }

  /** Lets a node hold a slot's row. Returns the node that held it before, which is removed; NONE without one. */
  hold(slot: number, node: number): number {
    const before = this.nodeOf(slot);
    if (before !== NONE) this.remove(slot);
    this.#nodes = grown(this.#nodes, slot + 1);
    this.#nodes[slot] = node;
    this.#slots[node] = slot;
    this.size++;
    if (slot !== node) this.isIdentity = false;
    return before;
  }

  /** Takes a slot's row off its node. Returns the node, NONE without one. */
  remove(slot: number): number {
    const node = this.nodeOf(slot);
    if (node === NONE) return NONE;
    this.#nodes[slot] = NONE;
    this.abandon(node);
    this.size--;
    return node;
  }

  /** A node holds no row any more, or never did. */
  abandon(node: number): void {
    this.#slots[node] = NONE;
    this.#removed.push(node);
  }

  /** After the repair: removed nodes may be used again. */
  release(): void {
    this.#free.push(...this.#removed);
    this.#removed = [];
  }

  clear(): void {
    this.#nodes = new Uint32Array(0);
    this.#slots = new Uint32Array(0);
    this.#free = [];
    this.#removed = [];
    this.count = 0;
    this.size = 0;
    this.isIdentity = true;
  }

  /** Slots by node, NONE for nodes that hold nothing. */
  toSlots(): Uint32Array {
    return this.#slots.subarray(0, this.count);
  }

  /** As {@link toSlots} gave it; false when a slot is there twice. Nodes without a row wait for the repair. */
  fromSlots(slots: Uint32Array, mostSlots: number): boolean {
    this.clear();
    this.count = slots.length;
    this.#slots = slots;
    this.#nodes = new Uint32Array(mostSlots).fill(NONE);
    for (let node = 0; node < slots.length; node++) {
      const slot = slots[node]!;
      if (slot === NONE) this.#removed.push(node);
      else if (slot >= mostSlots || this.#nodes[slot] !== NONE) return false;
      else {
        this.#nodes[slot] = node;
        this.size++;
        if (slot !== node) this.isIdentity = false;
      }
    }
    return true;
  }
}

function grown(list: Uint32Array, length: number): Uint32Array {
  if (length <= list.length) return list;
  const longer = new Uint32Array(Math.max(length, Math.ceil(list.length * 1.5), 64)).fill(NONE);
  longer.set(list);
  return longer;
}
