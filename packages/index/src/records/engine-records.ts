import { checkAborted } from '@simile/core/errors';
import type {
  Id,
  IndexRecord,
  IndexSummary,
  Progress,
  SearchEngine,
  SearchEngineFactory,
  StoredEngineState,
} from '../contract.ts';
import { putChange, type Change } from '../stores/change.ts';
import type { Pause } from '../turns.ts';
import type { RecordParts } from './read-records.ts';
import type { Rows } from './read-vectors.ts';
import { RecordStore } from './record-store.ts';
import { inSlices } from './slices.ts';
import { UndoLog } from './undo-log.ts';
import { slotsUpTo } from '../slot-bits.ts';

const COPIED_AT_ONCE = 1024;

/** What a long put listens and reports to. */
export interface PutOptions {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly pause: Pause;
}

/** Rows in a search engine and what is known of them in a store, under the same slots. Calls must not overlap. */
export class EngineRecords {
  store: RecordStore = new RecordStore();
  readonly metric: string;
  dimension: number | undefined;
  engine: SearchEngine | undefined;
  /** Whether the engine goes on with what a file had of it, effort included. */
  restored = false;
  /** Writes a change down before it happens; gives what takes it back. Undefined for an index that is not stored. */
  log: ((change: Change) => Promise<() => Promise<void>>) | undefined;
  readonly #factory: SearchEngineFactory;

  constructor(metric: string, dimension: number | undefined, factory: SearchEngineFactory) {
    this.metric = metric;
    this.dimension = dimension;
    this.#factory = factory;
  }

  /**
   * Adds records, or replaces those whose ids are in use where that is wanted. Many go in slices, between which searches may
   * run; all of them are in at the end or, with an error or an abort, none.
   *
   * @throws `ERR_OPTION` for ids in use; `ERR_MEMORY`; `ERR_ABORTED`
   */
  async put(where: string, rows: Rows, records: RecordParts, replace: boolean, options: PutOptions): Promise<Id[]> {
    const { signal, onProgress, pause } = options;
    checkAborted(where, signal);
    const { store } = this;
    const plan = store.plan(where, rows.count, records.ids, replace);
    if (rows.count === 0) return [];
    const { engine: before, dimension } = this;
    const engine = before ?? (await this.makeEngine(rows.dimension));
    const undo = new UndoLog(store, engine);
    let takeBack: (() => Promise<void>) | undefined;
    try {
      takeBack = await this.log?.(putChange(plan.ids, rows, records));
      await engine.reserve?.(slotsUpTo(plan.slots));
      await inSlices({ count: rows.count, first: engine.size === 0, signal, onProgress, pause }, async (slice) => {
        const { begin, end } = slice;
        undo.note(plan, begin, end);
        await engine.set(
          plan.slots.subarray(begin, end),
          rows.data.subarray(begin * rows.dimension, end * rows.dimension),
          { signal, onProgress: slice.onProgress },
        );
        this.engine = engine;
        this.dimension = rows.dimension;
        store.commit(plan, records, begin, end);
        undo.done();
      });
    } catch (error) {
      if (before) await undo.undo();
      else await this.#forget(engine, dimension, undo);
      await takeBack?.().catch(() => undefined); // then the log takes nothing more, and says so
      throw error;
    }
    return [...plan.ids];
  }

  /** Removes the records that are there; returns how many. */
  async remove(ids: readonly Id[]): Promise<number> {
    const found = ids.map((id) => this.store.slotOf(id)).filter((slot) => slot !== undefined);
    if (found.length === 0) return 0;
    await this.log?.({ change: 'remove', ids: found.map((slot) => this.store.idOf(slot)) });
    await this.engine!.remove(Uint32Array.from(found));
    this.store.free(found);
    return found.length;
  }

  record(slot: number): IndexRecord {
    const { id, label, data } = this.store.record(slot) as IndexRecord;
    const vector = this.engine!.row(slot);
    return data === undefined ? { id, label, vector } : { id, label, data, vector };
  }

  async clear(): Promise<void> {
    await this.log?.({ change: 'clear' });
    await this.engine?.clear();
    this.store.clear();
  }

  /**
   * Sets the engine right. One that cannot do so itself, or most of whose slots hold nothing, gives its rows to a new one, without
   * these slots.
   */
  async compact(): Promise<void> {
    const { engine, store } = this;
    if (!engine) return;
    if (engine.compact && store.order.freeCount <= store.size) return void (await engine.compact());
    if (store.order.freeCount > 0) await this.#moveRows(engine, this.dimension!);
  }

  /** @param restore What an engine wrote: go on from there */
  async makeEngine(dimension: number, restore?: StoredEngineState): Promise<SearchEngine> {
    const order = (slot: number): number => this.store.orderOf(slot);
    return this.#factory({
      dimension,
      metric: this.metric,
      order,
      ...(restore && { restore, slots: this.store.slots() }),
    });
  }

  async #moveRows(from: SearchEngine, dimension: number): Promise<void> {
    const all = this.store.slots();
    const order = (slot: number): number => (moved ? this.store.orderOf(slot) : slot);
    let moved = false;
    const engine = await this.#factory({ dimension, metric: this.metric, order });
    await engine.reserve?.(all.length);
    for (let begin = 0; begin < all.length; begin += COPIED_AT_ONCE) {
      const slots = all.subarray(begin, begin + COPIED_AT_ONCE);
      const rows = new Float32Array(slots.length * dimension);
      slots.forEach((slot, i) => rows.set(from.row(slot), i * dimension));
      await engine.set(
        Uint32Array.from(slots, (_, i) => begin + i),
        rows,
      );
    }
    if (engine.effort && from.effort) engine.effort.value = from.effort.value;
    this.engine = engine;
    this.store.renumber();
    moved = true;
    await from.close?.();
  }

  /** Ends what the engine holds; nothing may be called after. */
  async close(): Promise<void> {
    await this.engine?.close?.();
  }

  /** As before the first record. */
  async #forget(engine: SearchEngine, dimension: number | undefined, { nextId }: UndoLog): Promise<void> {
    this.engine = undefined;
    this.dimension = dimension;
    if (this.store.size > 0) this.store.clear();
    this.store.nextId = nextId;
    await engine.close?.();
  }
}

/** What `VectorIndex.describe` says of records and engine. */
export function describeRecords({
  store,
  engine,
  dimension,
  metric,
}: EngineRecords): Pick<IndexSummary, 'size' | 'dimension' | 'metric' | 'engine' | 'bytes'> {
  const name = engine?.name ?? 'none before the first record';
  return { size: store.size, dimension, metric, engine: name, bytes: engine?.bytes ?? 0 };
}
