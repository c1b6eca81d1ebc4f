import { slotsUpTo } from '../slot-bits.ts';

/** Which slots hold a record, which are free, and in which order the records were added. One bit a slot while none was used twice. */
export class SlotOrder {
  /** Slots ever used. */
  length = 0;
  /** Slots that hold a record. */
  size = 0;
  #live: Uint32Array = new Uint32Array(4);
  #free: number[] = [];
  /** Place in the order of adding, by slot; undefined while that is the number of the slot. */
  #order: Float64Array | undefined;
  #added = 0;
  #sorted: Uint32Array | undefined;

  /** Bit `slot & 31` of word `slot >> 5` is 1 for slots that hold a record; may be longer than the slots. */
  get live(): Uint32Array {
    return this.#live;
  }

  get freeCount(): number {
    return this.#free.length;
  }

  /** Places in the order of adding, by slot; undefined where that is the number of the slot. */
  get order(): Float64Array | undefined {
    return this.#order;
  }

  readonly holds = (slot: number): boolean => ((this.#live[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0 && slot >= 0;

  readonly orderOf = (slot: number): number => (this.#order ? this.#order[slot]! : slot);

  /** Slots for records to come, by their number from 0, nothing changed yet; free ones first. */
  next(): (index: number) => number {
    const free = this.#free.length;
    return (index) => (index < free ? this.#free[free - 1 - index]! : this.length + index - free);
  }

  /** Takes a slot that `next` gave, in the order it gave them. */
  take(slot: number): void {
    if (this.#free.at(-1) === slot) this.#free.pop();
    const place = this.#added++;
    this.length = Math.max(this.length, slot + 1);
    if (this.#order || place !== slot) this.#write(slot, place);
    if (slot >>> 5 >= this.#live.length) {
      const grown = new Uint32Array(Math.ceil(Math.max((slot >>> 5) + 1, this.#live.length * 1.5)));
      grown.set(this.#live);
      this.#live = grown;
    }
    this.#live[slot >>> 5]! |= 1 << (slot & 31);
    this.size++;
    this.#sorted = undefined;
  }

  release(slot: number): void {
    this.#live[slot >>> 5]! &= ~(1 << (slot & 31));
    this.#free.push(slot);
    this.size--;
    this.#sorted = undefined;
  }

  /** Slots that hold a record, in the order of adding. O(slots) after a change, with a sort once slots were used twice. */
  sorted(): Uint32Array {
    if (this.#sorted) return this.#sorted;
    const slots = new Uint32Array(this.size);
    for (let slot = 0, at = 0; slot < this.length; slot++) if (this.holds(slot)) slots[at++] = slot;
    const order = this.#order;
    if (order) slots.sort((a, b) => order[a]! - order[b]!);
    this.#sorted = slots;
    return slots;
  }

  /** Slots 0 … count − 1 hold records in this order and there are no others. */
  fill(count: number): void {
    const live = new Uint32Array(Math.max(4, (count + 31) >>> 5)).fill(0xffffffff, 0, count >>> 5);
    if (count & 31) live[count >>> 5] = 2 ** (count & 31) - 1;
    this.load(live, count, undefined);
  }

  /** Records are at these slots, in this order, and nowhere else. Returns the place of each slot's record, 0 for none. */
  place(slots: Uint32Array): Uint32Array {
    const places = new Uint32Array(slotsUpTo(slots));
    const live = new Uint32Array(Math.max(4, (places.length + 31) >>> 5));
    slots.forEach((slot, place) => {
      places[slot] = place;
      live[slot >>> 5]! |= 1 << (slot & 31);
    });
    this.load(live, places.length, Float64Array.from(places));
    return places;
  }

  /** Takes what a file says: which slots hold records, and their places in the order of adding. */
  load(live: Uint32Array, length: number, order: Float64Array | undefined): void {
    this.#live = live;
    this.length = length;
    this.#order = order;
    this.#free = [];
    this.#sorted = undefined;
    this.size = 0;
    this.#added = length;
    for (let slot = length - 1; slot >= 0; slot--) {
      if (!this.holds(slot)) this.#free.push(slot);
      else {
        this.size++;
        if (order) this.#added = Math.max(this.#added, order[slot]! + 1);
      }
    }
  }

  #write(slot: number, place: number): void {
    if (!this.#order || slot >= this.#order.length) {
      const grown = new Float64Array(Math.ceil(Math.max(slot + 1, (this.#order?.length ?? this.length) * 1.5)));
      if (this.#order) grown.set(this.#order);
      else for (let at = 0; at < this.length; at++) grown[at] = at;
      this.#order = grown;
    }
    this.#order[slot] = place;
  }
}
