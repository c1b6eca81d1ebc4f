import type { Id, IndexRecord, Label, RecordData } from '../contract.ts';
import { DataColumn } from './data-column.ts';
import { IdColumn } from './id-column.ts';
import { LabelColumn } from './label-column.ts';
import { idInUse, type RecordParts } from './read-records.ts';
import type { RecordColumns } from './record-columns.ts';
import { SlotOrder } from './slot-order.ts';

/** Ids and slots for records to come. */
export interface RecordPlan {
  readonly ids: readonly Id[];
  readonly slots: Uint32Array;
}

/**
 * What is known of each slot: id, label, data, and its place in the order of adding. In columns: nothing a record while ids
 * are 0, 1, 2, … and there are no labels, 4 bytes for a label.
 */
export class RecordStore {
  readonly order: SlotOrder = new SlotOrder();
  readonly labels: LabelColumn = new LabelColumn();
  /** Counts changes, so that what was worked out before one can be told from what holds. */
  revision = 0;
  readonly #ids = new IdColumn(this.order.holds);
  readonly #data = new DataColumn();
  /** A file whose ids and labels are not decoded yet, and the record of each slot in it. */
  #file: { readonly columns: RecordColumns; readonly recordOf: (slot: number) => number } | undefined;

  /** What a file knows, decoded when it is needed. */
  static fromColumns(columns: RecordColumns): RecordStore {
    const store = new RecordStore();
    const { count, slots, nextId } = columns;
    const records = slots && store.order.place(slots);
    if (!records) store.order.fill(count);
    const recordOf = (slot: number): number => (records ? records[slot]! : slot);
    store.#file = { columns, recordOf };
    store.#ids.nextId = nextId;
    store.#data.load((slot) => (slot < store.#stored ? columns.data(recordOf(slot)) : undefined));
    store.#stored = store.order.length;
    return store;
  }

  /** Slots that the file knows. */
  #stored = 0;

  get size(): number {
    return this.order.size;
  }

  /** Next id to give out: above every whole number in use, ever. */
  get nextId(): number {
    return this.#ids.nextId;
  }

  set nextId(id: number) {
    this.#ids.nextId = id;
  }

  slotOf(id: Id): number | undefined {
    this.#decode();
    return this.#ids.slotOf(id);
  }

  readonly orderOf = (slot: number): number => this.order.orderOf(slot);

  idOf(slot: number): Id {
    return this.#file ? this.#file.columns.id(this.#file.recordOf(slot)) : this.#ids.at(slot);
  }

  labelOf(slot: number): Label | null {
    return this.#file ? this.#file.columns.label(this.#file.recordOf(slot)) : this.labels.at(slot);
  }

  dataOf(slot: number): RecordData | undefined {
    return this.#data.at(slot);
  }

  /** Id, label and data of a slot. */
  record(slot: number): Omit<IndexRecord, 'vector'> {
    const data = this.#data.at(slot);
    const [id, label] = [this.idOf(slot), this.labelOf(slot)];
    return data === undefined ? { id, label } : { id, label, data };
  }

  /** Slots that hold records, in the order of adding: those of now, whatever happens later. */
  slots(): Uint32Array {
    return this.order.sorted();
  }

  /** Labels as numbers by slot, none for records without labels. */
  labelColumn(): LabelColumn {
    this.#decode();
    return this.labels;
  }

  /** Ids and slots for `count` records, nothing changed yet. @throws `ERR_OPTION` for an id in use, unless they may be */
  plan(where: string, count: number, ids: readonly Id[] | undefined, replace: boolean): RecordPlan {
    const slotAt = this.order.next();
    if (!ids) {
      const { nextId } = this;
      const slots = Uint32Array.from({ length: count }, (_, i) => slotAt(i));
      return { ids: Array.from({ length: count }, (_, i) => nextId + i), slots };
    }
    let fresh = 0;
    const slots = Uint32Array.from(ids, (id) => {
      const used = this.slotOf(id);
      if (used === undefined) return slotAt(fresh++);
      if (replace) return used;
      throw idInUse(where, id);
    });
    return { ids, slots };
  }

  /** Takes records `begin` to `end` of what was planned. */
  commit(
    { ids, slots }: RecordPlan,
    { labels, data }: Omit<RecordParts, 'ids'>,
    begin = 0,
    end: number = ids.length,
  ): void {
    this.#decode();
    this.revision++;
    for (let i = begin; i < end; i++) {
      const slot = slots[i]!;
      if (!this.order.holds(slot)) {
        this.order.take(slot);
        this.#ids.set(slot, ids[i]!);
      }
      this.put(slot, labels ? labels[i]! : null, data?.[i]);
    }
  }

  /** Label and data of a slot that holds a record. */
  put(slot: number, label: Label | null, data: RecordData | undefined): void {
    this.labels.set(slot, label);
    this.#data.set(slot, data);
  }

  /** Frees the slots. */
  free(slots: Iterable<number>): void {
    this.#decode();
    this.revision++;
    for (const slot of slots) {
      this.#ids.delete(slot);
      this.put(slot, null, undefined);
      this.order.release(slot);
    }
  }

  /** Gives the records the slots 0, 1, 2, … in the order of adding. */
  renumber(): void {
    this.#decode();
    this.revision++;
    const from = this.order.sorted();
    this.#ids.renumber(from);
    this.labels.renumber(from);
    this.#data.renumber(from);
    this.order.fill(from.length);
  }

  clear(): void {
    this.revision++;
    this.#file = undefined;
    this.order.fill(0);
    this.#ids.load(undefined, 0, 0);
    this.labels.clear();
    this.#data.clear();
  }

  /** Ids and labels of a file become ours. */
  #decode(): void {
    const file = this.#file;
    if (!file) return;
    const { columns, recordOf } = file;
    const { nextId } = this;
    for (const slot of this.order.sorted()) {
      const record = recordOf(slot);
      this.#ids.set(slot, columns.id(record));
      this.labels.set(slot, columns.label(record));
    }
    this.nextId = Math.max(nextId, this.nextId);
    this.#file = undefined;
  }
}
