import { SimileError } from '@simile/core/errors';
import type { Id, IndexRecord, Label, RecordData } from '../contract.ts';
import type { RecordParts } from './read-records.ts';

/** What is known of each slot: id, label, data, and its place in the order of adding. */
export class RecordStore {
  readonly #slots = new Map<Id, number>(); // in the order of adding
  #ids: (Id | undefined)[] = [];
  #labels: (Label | null)[] = [];
  #data: (RecordData | undefined)[] = [];
  #order: number[] = [];
  #free: number[] = [];
  #added = 0;
  /** Next id to give out: above every whole number in use, ever. */
  nextId = 0;

  get size(): number {
    return this.#slots.size;
  }

  /** Slots that hold nothing. */
  get freeCount(): number {
    return this.#free.length;
  }

  slotOf(id: Id): number | undefined {
    return this.#slots.get(id);
  }

  orderOf(slot: number): number {
    return this.#order[slot]!;
  }

  idOf(slot: number): Id {
    return this.#ids[slot]!;
  }

  labelOf(slot: number): Label | null {
    return this.#labels[slot]!;
  }

  dataOf(slot: number): RecordData | undefined {
    return this.#data[slot];
  }

  /** Id, label and data of a slot. */
  record(slot: number): Omit<IndexRecord, 'vector'> {
    const data = this.#data[slot];
    const record = { id: this.#ids[slot]!, label: this.#labels[slot]! };
    return data === undefined ? record : { ...record, data };
  }

  /** Ids with their slots, in the order of adding. */
  entries(): IterableIterator<[Id, number]> {
    return this.#slots.entries();
  }

  /** Ids and slots for `count` records, nothing changed yet. @throws `ERR_OPTION` for an id in use, unless they may be */
  plan(
    where: string,
    count: number,
    ids: readonly Id[] | undefined,
    replace: boolean,
  ): { ids: Id[]; slots: Uint32Array } {
    const planned = ids ? [...ids] : Array.from({ length: count }, (_, i) => this.nextId + i);
    let free = this.#free.length;
    let fresh = this.#ids.length;
    const slots = Uint32Array.from(planned, (id) => {
      const used = this.#slots.get(id);
      if (used === undefined) return free > 0 ? this.#free[--free]! : fresh++;
      if (replace) return used;
      throw new SimileError({
        where,
        rule: 'ids must not be in use',
        got: id,
        remedy: 'Use upsert to replace records, or leave ids out.',
        code: 'ERR_OPTION',
      });
    });
    return { ids: planned, slots };
  }

  /** Takes what was planned. */
  commit({ ids, slots }: { ids: readonly Id[]; slots: Uint32Array }, { labels, data }: Omit<RecordParts, 'ids'>): void {
    ids.forEach((id, i) => {
      const slot = slots[i]!;
      if (!this.#slots.has(id)) {
        if (this.#free.at(-1) === slot) this.#free.pop();
        this.#slots.set(id, slot);
        this.#ids[slot] = id;
        this.#order[slot] = this.#added++;
        if (typeof id === 'number') this.nextId = Math.max(this.nextId, id + 1);
      }
      this.#labels[slot] = labels[i]!;
      this.#data[slot] = data[i];
    });
  }

  /** Frees the slots. */
  free(slots: Iterable<number>): void {
    for (const slot of slots) {
      this.#slots.delete(this.#ids[slot]!);
      this.#ids[slot] = undefined;
      this.#labels[slot] = null;
      this.#data[slot] = undefined;
      this.#free.push(slot);
    }
  }

  /** Gives the records the slots 0, 1, 2, … in the order of adding. */
  renumber(): void {
    const from = [...this.#slots.values()];
    this.#ids = from.map((slot) => this.#ids[slot]);
    this.#labels = from.map((slot) => this.#labels[slot]!);
    this.#data = from.map((slot) => this.#data[slot]);
    this.#order = from.map((_, i) => i);
    this.#added = from.length;
    this.#free = [];
    this.#ids.forEach((id, slot) => this.#slots.set(id!, slot));
  }

  clear(): void {
    this.#slots.clear();
    this.#ids = [];
    this.#labels = [];
    this.#data = [];
    this.#order = [];
    this.#free = [];
    this.#added = 0;
    this.nextId = 0;
  }
}
