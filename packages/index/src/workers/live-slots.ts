/** Slots that hold a row: a bit each. */
export class LiveSlots {
  #bits = new Uint32Array(4);

  get bytes(): number {
    return this.#bits.byteLength;
  }

  holds(slot: number): boolean {
    return ((this.#bits[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  }

  add(slots: Uint32Array): void {
    const words = (slots.reduce((largest, slot) => Math.max(largest, slot), 0) >>> 5) + 1;
    if (words > this.#bits.length) {
      const grown = new Uint32Array(Math.ceil(words * 1.25));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    for (const slot of slots) this.#bits[slot >>> 5]! |= 1 << (slot & 31);
  }

  remove(slots: Uint32Array): void {
    for (const slot of slots) this.#bits[slot >>> 5]! &= ~(1 << (slot & 31));
  }

  clear(): void {
    this.#bits = new Uint32Array(4);
  }
}
