/** The `k` closest of the slots offered; equal distances in the order that `order` gives. A heap, the farthest on top. */
export class Closest {
  readonly k: number;
  count = 0;
  readonly #order: (slot: number) => number;
  readonly #distances: Float64Array;
  readonly #slots: Uint32Array;

  constructor(k: number, order: (slot: number) => number) {
    this.k = k;
    this.#order = order;
    this.#distances = new Float64Array(k);
    this.#slots = new Uint32Array(k);
  }

  offer(distance: number, slot: number): void {
    if (this.count < this.k) {
      let at = this.count++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!this.#isFarther(distance, slot, parent)) break;
        this.#move(parent, at);
        at = parent;
      }
      this.#place(at, distance, slot);
    } else if (this.k > 0 && !this.#isFarther(distance, slot, 0)) {
      this.#sink(distance, slot);
    }
  }

  /** Writes what was kept, closest first, to places `from …` of the lists, and forgets it. Returns how many. */
  take(distances: Float64Array, slots: Uint32Array, from: number): number {
    const found = this.count;
    while (this.count > 0) {
      const at = from + this.count - 1;
      distances[at] = this.#distances[0]!;
      slots[at] = this.#slots[0]!;
      this.count--;
      this.#sink(this.#distances[this.count]!, this.#slots[this.count]!);
    }
    return found;
  }

  /** Puts an entry in place of the top one. */
  #sink(distance: number, slot: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.count) break;
      if (child + 1 < this.count && this.#isFarther(this.#distances[child + 1]!, this.#slots[child + 1]!, child))
        child++;
      if (this.#isFarther(distance, slot, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#place(at, distance, slot);
  }

  #isFarther(distance: number, slot: number, than: number): boolean {
    const other = this.#distances[than]!;
    return distance > other || (distance === other && this.#order(slot) > this.#order(this.#slots[than]!));
  }

  #move(from: number, to: number): void {
    this.#place(to, this.#distances[from]!, this.#slots[from]!);
  }

  #place(at: number, distance: number, slot: number): void {
    this.#distances[at] = distance;
    this.#slots[at] = slot;
  }
}
