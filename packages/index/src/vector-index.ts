import type { Calibration } from '@simile/metrics';
import type {
  AddOptions,
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
import { calibrateQueries, matchQueries } from './match-queries.ts';
import { describeRecords, type EngineRecords } from './records/engine-records.ts';
import { readMerge, readPut, type PutRequest } from './records/put-request.ts';
import { checkIdsGiven, readIds } from './records/read-records.ts';
import { checkDimension } from './records/read-vectors.ts';
import type { RecordStore } from './records/record-store.ts';
import { checkSearchOptions } from './search-options.ts';
import { neighborLists, searchColumns } from './search-results.ts';
import { Searches, type UseHits } from './searches.ts';
import { measureIndex } from './tuning/measure-index.ts';
import { Tuner } from './tuning/tuner.ts';
import { Turns, type Pause } from './turns.ts';

const DEFAULTS: SearchOptions = {};

/** The {@link VectorIndex} of `createIndex`: checks what comes in, and lets one change at a time happen. */
export class EngineIndex implements VectorIndex {
  calibration: Calibration | undefined;
  readonly #records: EngineRecords;
  readonly #turns = new Turns();
  readonly #searches = new Searches();
  readonly #tuner: Tuner;

  /** @param recall To be reached by an engine that may miss; undefined to leave its effort alone */
  constructor(records: EngineRecords, recall?: number) {
    this.#records = records;
    this.#tuner = new Tuner(recall, records.restored ? records.engine : undefined);
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

  async add(vectors: Vectors, options: AddOptions = {}): Promise<Id[]> {
    return this.#put(readPut('index.add', vectors, options, this.dimension, false));
  }

  async upsert(vectors: Vectors, options: AddOptions & { readonly ids: ArrayLike<Id> }): Promise<Id[]> {
    checkIdsGiven(options?.ids);
    return this.#put(readPut('index.upsert', vectors, options, this.dimension, true));
  }

  async merge(other: VectorIndex, options: MergeOptions = {}): Promise<Id[]> {
    return this.#put(readMerge(this, other, options));
  }

  async #put({ where, dimension, signal, onProgress, settle }: PutRequest): Promise<Id[]> {
    return this.#turns.write(async (pause) => {
      checkDimension(where, dimension, this.dimension); // an add before this one may have set it since
      const { rows, records, replace } = settle(this.store);
      const ids = await this.#records.put(where, rows, records, replace, { signal, onProgress, pause });
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
  async #find<T>(vectors: Vectors, options: SearchOptions, use: UseHits<T>): Promise<T> {
    checkSearchOptions(options);
    return this.#turns.read(() => this.#searches.answer(this.#records, vectors, options, use));
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
    const calibrated = this.calibration !== undefined;
    return { ...describeRecords(this.#records), calibrated, ...this.#searches.summary() };
  }

  /** Tunes an engine that is new, or has grown, to the recall that is wanted. */
  keepRecall(): Promise<void> {
    return this.#turns.write(() => this.#tuner.afterGrowth(this.#records));
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
