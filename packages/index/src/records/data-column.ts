import type { RecordData } from '../contract.ts';

/** Data of each slot: nothing while no record has any, and what a file brought stays in the file until it is asked for. */
export class DataColumn {
  #values: (RecordData | undefined)[] | undefined;
  /** Data that a file brought, by slot, and the slots whose data is no longer that. */
  #stored: { readonly read: (slot: number) => RecordData | undefined; readonly replaced: Set<number> } | undefined;

  at(slot: number): RecordData | undefined {
    const stored = this.#stored;
    if (stored && !stored.replaced.has(slot)) return stored.read(slot);
    return this.#values?.[slot];
  }

  set(slot: number, data: RecordData | undefined): void {
    this.#stored?.replaced.add(slot);
    if (data === undefined && !this.#values) return;
    this.#values ??= [];
    this.#values[slot] = data;
  }

  /** Gives slot `i` the data of slot `from[i]`. */
  renumber(from: Uint32Array): void {
    const stored = this.#stored;
    if (stored) {
      const { read, replaced } = stored;
      const moved = new Set<number>();
      from.forEach((slot, i) => replaced.has(slot) && moved.add(i));
      this.#stored = { read: (slot) => read(from[slot]!), replaced: moved };
    }
    const values = this.#values;
    if (values) this.#values = Array.from(from, (slot) => values[slot]);
  }

  /** Takes the data of a file; `read` gives undefined for slots that it does not know. */
  load(read: (slot: number) => RecordData | undefined): void {
    this.#stored = { read, replaced: new Set() };
    this.#values = undefined;
  }

  clear(): void {
    this.#stored = undefined;
    this.#values = undefined;
  }
}
