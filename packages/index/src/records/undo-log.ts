import type { Label, RecordData, SearchEngine } from '../contract.ts';
import type { RecordPlan, RecordStore } from './record-store.ts';

interface Replaced {
  readonly slot: number;
  readonly label: Label | null;
  readonly data: RecordData | undefined;
  readonly row: Float32Array;
}

/** What the slices of a put changed, so that it can be taken back. Of replaced records it keeps what they were. */
export class UndoLog {
  /** Next id to give out, before. */
  readonly nextId: number;
  readonly #store: RecordStore;
  readonly #engine: SearchEngine;
  readonly #fresh: number[] = [];
  readonly #replaced: Replaced[] = [];
  #next: { readonly fresh: number[]; readonly replaced: Replaced[] } = { fresh: [], replaced: [] };

  constructor(store: RecordStore, engine: SearchEngine) {
    this.nextId = store.nextId;
    this.#store = store;
    this.#engine = engine;
  }

  /** Notes what records `begin` to `end` of a plan are about to change; the last slice need not be noted. */
  note({ slots }: RecordPlan, begin: number, end: number): void {
    this.#next = { fresh: [], replaced: [] };
    if (end === slots.length) return; // an engine's set is all or nothing
    for (let i = begin; i < end; i++) {
      const slot = slots[i]!;
      if (!this.#store.order.holds(slot)) this.#next.fresh.push(slot);
      else {
        const [label, data] = [this.#store.labelOf(slot), this.#store.dataOf(slot)];
        this.#next.replaced.push({ slot, label, data, row: this.#engine.row(slot) });
      }
    }
  }

  /** What was noted is done. */
  done(): void {
    for (const slot of this.#next.fresh) this.#fresh.push(slot);
    for (const record of this.#next.replaced) this.#replaced.push(record);
  }

  /** Takes all of it back. */
  async undo(): Promise<void> {
    if (this.#fresh.length > 0) {
      await this.#engine.remove(Uint32Array.from(this.#fresh));
      this.#store.free(this.#fresh.reverse());
    }
    if (this.#replaced.length > 0) {
      const dimension = this.#replaced[0]!.row.length;
      const rows = new Float32Array(this.#replaced.length * dimension);
      this.#replaced.forEach(({ row }, i) => rows.set(row, i * dimension));
      await this.#engine.set(
        Uint32Array.from(this.#replaced, ({ slot }) => slot),
        rows,
      );
      for (const { slot, label, data } of this.#replaced) this.#store.put(slot, label, data);
      this.#store.revision++;
    }
    this.#store.nextId = this.nextId;
  }
}
