import type { Label } from '../contract.ts';

/** Label of each slot, as the number of the label in a table: 4 bytes a record, none while no record has a label. */
export class LabelColumn {
  /** By slot; 0 for no label, else the place in {@link table}. */
  #codes: Int32Array | undefined;
  /** Labels by their number; the first is that of records without one. */
  #table: (Label | null)[] = [null];
  #numbers = new Map<Label | null, number>([[null, 0]]);

  /** Numbers by slot, longer than the slots in use; undefined while there are no labels. */
  get codes(): Int32Array | undefined {
    return this.#codes;
  }

  get table(): readonly (Label | null)[] {
    return this.#table;
  }

  at(slot: number): Label | null {
    return this.#codes ? this.#table[this.#codes[slot] ?? 0]! : null;
  }

  /** Number of a label; undefined for one that no record ever had. */
  codeOf(label: unknown): number | undefined {
    return this.#numbers.get(label as Label | null);
  }

  set(slot: number, label: Label | null): void {
    if (label === null && (!this.#codes || slot >= this.#codes.length)) return;
    let code = this.#numbers.get(label);
    if (code === undefined) {
      code = this.#table.push(label) - 1;
      this.#numbers.set(label, code);
    }
    if (!this.#codes || slot >= this.#codes.length) {
      const grown = new Int32Array(Math.ceil(Math.max(16, slot + 1, (this.#codes?.length ?? 0) * 1.5)));
      if (this.#codes) grown.set(this.#codes);
      this.#codes = grown;
    }
    this.#codes[slot] = code;
  }

  /** Gives slot `i` the label of slot `from[i]`, and forgets labels without a record. */
  renumber(from: Uint32Array): void {
    const labels = Array.from(from, (slot) => this.at(slot));
    this.clear();
    for (let slot = labels.length - 1; slot >= 0; slot--) this.set(slot, labels[slot]!);
  }

  /** Takes the labels of a file. The table begins with null. */
  load(codes: Int32Array | undefined, table: readonly (Label | null)[]): void {
    this.#codes = codes;
    this.#table = [...table];
    this.#numbers = new Map(table.map((label, code) => [label, code]));
  }

  clear(): void {
    this.load(undefined, [null]);
  }
}
