import { checkNames } from '@simile/core/errors';
import type { Calibration } from '@simile/metrics';
import type {
  AddOptions,
  EngineHits,
  Id,
  IndexCalibrateOptions,
  IndexMeasurement,
  IndexRecord,
  IndexSummary,
  Label,
  Match,
  MatchOptions,
  MeasureOptions,
  MergeOptions,
  Neighbor,
  SearchColumns,
  SearchOptions,
  TuneOptions,
  TuneResult,
  VectorIndex,
  Vectors,
} from './contract.ts';
import { writeIndexFile } from './file/write-index-file.ts';
import { LatencyWindow } from './latency-window.ts';
import { calibrateQueries, matchQueries } from './match-queries.ts';
import type { EngineRecords } from './records/engine-records.ts';
import { FilterBits } from './records/filter-bits.ts';
import { readMergeRows, settleConflicts } from './records/merge-rows.ts';
import { checkIdsGiven, readIds, readRecords } from './records/read-records.ts';
import { checkDimension, readVectors } from './records/read-vectors.ts';
import type { RecordStore } from './records/record-store.ts';
import { searchAll } from './search-all.ts';
import { checkNotEmpty, checkSearchOptions, effortWithin } from './search-options.ts';
import { neighborLists, searchColumns } from './search-results.ts';
import { measureIndex } from './tuning/measure-index.ts';
import { Tuner } from './tuning/tuner.ts';
import { Turns, type Pause } from './turns.ts';

const PUT_OPTIONS = ['ids', 'labels', 'data', 'signal', 'onProgress'];
const DEFAULTS: SearchOptions = {};

/** The {@link VectorIndex} of `createIndex`: checks what comes in, and lets one change at a time happen. */
export class EngineIndex implements VectorIndex {
  calibration: Calibration | undefined;
  readonly #records: EngineRecords;
  readonly #turns = new Turns();
  readonly #latency = new LatencyWindow();
  readonly #filters = new FilterBits();
  readonly #tuner: Tuner;

  /** @param recall To be reached by an engine that may miss; undefined to leave its effort alone */
  constructor(records: EngineRecords, recall?: number) {
    this.#records = records;
    this.#tuner = new Tuner(recall);
  }

  get size(): number {
    return this.#records.store.size;
  }

  get dimension(): number | undefined {
    return this.#records.dimension;
  }

  get metric(): string {
    return this.#records.metric;
  }

  get store(): RecordStore {
    return this.#records.store;
  }

  add(vectors: Vectors, options: AddOptions = {}): Promise<Id[]> {
    return this.#put('index.add', vectors, options, false);
  }

  async upsert(vectors: Vectors, options: AddOptions & { readonly ids: ArrayLike<Id> }): Promise<Id[]> {
    checkIdsGiven(options?.ids);
    return this.#put('index.upsert', vectors, options, true);
  }

  async #put(where: string, vectors: Vectors, options: AddOptions, replace: boolean): Promise<Id[]> {
    checkNames(where, options, PUT_OPTIONS);
    const rows = readVectors(where, vectors, this.dimension);
    const records = readRecords(where, rows.count, options);
    const { signal, onProgress } = options;
    return this.#turns.write(async (pause) => {
      // An add before this one may have set the dimension since.
      checkDimension(where, rows.dimension, this.dimension);
      const ids = await this.#records.put(where, rows, records, replace, { signal, onProgress, pause });
      await this.#tuner.afterGrowth(this.#records);
      return ids;
    });
  }

  async merge(other: VectorIndex, options: MergeOptions = {}): Promise<Id[]> {
    const { onConflict = 'error', signal, onProgress } = options;
    const all = readMergeRows(this, other, options);
    return this.#turns.write(async (pause) => {
      checkDimension('index.merge', all.rows.dimension, this.dimension);
      const { rows, ...records } = settleConflicts(all, (id) => this.has(id), this.store.nextId, onConflict);
      const replace = onConflict === 'replace';
      const ids = await this.#records.put('index.merge', rows, records, replace, { signal, onProgress, pause });
      await this.#tuner.afterGrowth(this.#records);
      return ids;
    });
  }

  async remove(ids: Id | ArrayLike<Id>): Promise<number> {
    const list = typeof ids === 'number' || typeof ids === 'string' ? [ids] : readIds('index.remove', ids);
    return this.#turns.write(() => this.#records.remove(list));
  }

  get(id: Id): IndexRecord | undefined {
    const slot = this.store.slotOf(id);
    return slot === undefined ? undefined : this.#records.record(slot);
  }

  has(id: Id): boolean {
    return this.store.slotOf(id) !== undefined;
  }

  *[Symbol.iterator](): IterableIterator<IndexRecord> {
    for (const slot of this.store.slots()) if (this.store.order.holds(slot)) yield this.#records.record(slot);
  }

  clear(): Promise<void> {
    return this.#turns.write(async () => {
      await this.#records.clear();
      this.calibration = undefined;
    });
  }

  compact(): Promise<void> {
    return this.#turns.write(() => this.#records.compact());
  }

  search(vectors: Vectors, options: SearchOptions = DEFAULTS): Promise<Neighbor[][]> {
    return this.#find(vectors, options, neighborLists);
  }

  searchColumns(vectors: Vectors, options: SearchOptions = DEFAULTS): Promise<SearchColumns> {
    return this.#find(vectors, options, searchColumns);
  }

  // Without a promise more than the one it returns where engine and turns need none: this is called once a query.
  async #find<T>(vectors: Vectors, options: SearchOptions, use: Use<T>): Promise<T> {
    checkSearchOptions(options);
    return this.#turns.read(() => this.#answer(vectors, options, use));
  }

  #answer<T>(vectors: Vectors, options: SearchOptions, use: Use<T>): T | Promise<T> {
    const { k = 5, radius = Infinity, filter, effort, signal } = options;
    const { store, engine, dimension } = this.#records;
    checkNotEmpty(store.size);
    const { data, count } = readVectors('index.search', vectors, dimension);
    const begin = performance.now();
    const wanted = {
      k: k < store.size ? k : store.size,
      radius,
      allowed: filter === undefined ? undefined : this.#filters.bits(store, filter),
      effort: effortWithin(engine!.effort, effort),
      signal,
    };
    const hits = k === Infinity ? searchAll(engine!, data, dimension!, wanted) : engine!.search(data, wanted);
    const finish = (found: EngineHits): T => {
      const result = use(store, found);
      this.#latency.add(performance.now() - begin, count);
      return result;
    };
    return hits instanceof Promise ? hits.then(finish) : finish(hits);
  }

  async calibrate(
    vectors: Vectors,
    labels: ArrayLike<Label>,
    options: IndexCalibrateOptions = {},
  ): Promise<Calibration> {
    this.calibration = await calibrateQueries(this, vectors, labels, options);
    return this.calibration;
  }

  setCalibration(calibration: Calibration | undefined): void {
    this.calibration = calibration;
  }

  async match(vectors: Vectors, options: MatchOptions = {}): Promise<Match[]> {
    return matchQueries(this, vectors, options);
  }

  async tune(options: TuneOptions = {}): Promise<TuneResult> {
    return this.#turns.write(() => this.#tuner.tune(this.#records, options));
  }

  async measure(options: MeasureOptions = {}): Promise<IndexMeasurement> {
    return this.#turns.read(() => measureIndex(this.#records, options));
  }

  close(): Promise<void> {
    return this.#turns.write(() => this.#records.close());
  }

  describe(): IndexSummary {
    const { engine, dimension, metric } = this.#records;
    return {
      size: this.size,
      dimension,
      metric,
      engine: engine?.name ?? 'none before the first record',
      bytes: engine?.bytes ?? 0,
      calibrated: this.calibration !== undefined,
      lookups: this.#latency.queries,
      latency: this.#latency.summary(),
    };
  }

  /** Runs alone among changes; searches run in its pauses. */
  protected exclusively<T>(task: (pause: Pause) => T | Promise<T>): Promise<T> {
    return this.#turns.write(task);
  }

  toBytes(): Uint8Array {
    const { calibration, metric, dimension, store } = this;
    return writeIndexFile({ metric, dimension, calibration, store, engine: this.#records.engine });
  }
}

type Use<T> = (store: RecordStore, hits: EngineHits) => T;
