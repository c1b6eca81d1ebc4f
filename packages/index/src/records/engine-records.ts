import type { Id, IndexRecord, SearchEngine, SearchEngineFactory } from '../contract.ts';
import type { RecordParts } from './read-records.ts';
import type { Rows } from './read-vectors.ts';
import { RecordStore } from './record-store.ts';

const COPIED_AT_ONCE = 1024;

/** Rows in a search engine and what is known of them in a store, under the same slots. Calls must not overlap. */
export class EngineRecords {
  readonly store: RecordStore = new RecordStore();
  readonly metric: string;
  dimension: number | undefined;
  engine: SearchEngine | undefined;
  readonly #factory: SearchEngineFactory;

  constructor(metric: string, dimension: number | undefined, factory: SearchEngineFactory) {
    this.metric = metric;
    this.dimension = dimension;
    this.#factory = factory;
  }

  /** Adds records, or replaces those whose ids are in use where that is wanted. @throws `ERR_OPTION` for ids in use */
  async put(where: string, rows: Rows, records: RecordParts, replace: boolean): Promise<Id[]> {
    const plan = this.store.plan(where, rows.count, records.ids, replace);
    if (rows.count === 0) return plan.ids;
    const engine = this.engine ?? (await this.#makeEngine(rows.dimension));
    await engine.set(plan.slots, rows.data);
    this.engine = engine;
    this.dimension = rows.dimension;
    this.store.commit(plan, records);
    return plan.ids;
  }

  /** Removes the records that are there; returns how many. */
  async remove(ids: readonly Id[]): Promise<number> {
    const found = ids.map((id) => this.store.slotOf(id)).filter((slot) => slot !== undefined);
    if (found.length > 0) await this.engine!.remove(Uint32Array.from(found));
    this.store.free(found);
    return found.length;
  }

  record(slot: number): IndexRecord {
    return { ...this.store.record(slot), vector: this.engine!.row(slot) };
  }

  async clear(): Promise<void> {
    await this.engine?.clear();
    this.store.clear();
  }

  /** Moves the rows to a new engine, without the slots that hold nothing. */
  async compact(): Promise<void> {
    if (this.store.freeCount === 0) return;
    const dimension = this.dimension!;
    const from = Array.from(this.store.entries(), ([, slot]) => slot);
    const engine = await this.#makeEngine(dimension);
    for (let begin = 0; begin < from.length; begin += COPIED_AT_ONCE) {
      const slots = from.slice(begin, begin + COPIED_AT_ONCE);
      const rows = new Float32Array(slots.length * dimension);
      slots.forEach((slot, i) => rows.set(this.engine!.row(slot), i * dimension));
      await engine.set(
        Uint32Array.from(slots, (_, i) => begin + i),
        rows,
      );
    }
    this.engine = engine;
    this.store.renumber();
  }

  async #makeEngine(dimension: number): Promise<SearchEngine> {
    return this.#factory({ dimension, metric: this.metric, order: (slot) => this.store.orderOf(slot) });
  }
}
