import { checkNames } from '@simile/core/errors';
import type { Calibration } from '@simile/metrics';
import { allowedSlots } from './records/allowed-slots.ts';
import type {
  AddOptions,
  EngineHits,
  Id,
  IndexCalibrateOptions,
  IndexRecord,
  IndexSummary,
  Label,
  Match,
  MatchOptions,
  Neighbor,
  SearchColumns,
  SearchEngineFactory,
  SearchOptions,
  VectorIndex,
  Vectors,
} from './contract.ts';
import { EngineRecords } from './records/engine-records.ts';
import { writeIndexFile } from './file/index-file.ts';
import { LatencyWindow } from './latency-window.ts';
import { calibrateQueries, matchQueries } from './match-queries.ts';
import { checkIdsGiven, readIds, readRecords } from './records/read-records.ts';
import { checkDimension, readVectors } from './records/read-vectors.ts';
import type { RecordStore } from './records/record-store.ts';
import { checkNotEmpty, checkSearchOptions, neighborLists, searchColumns } from './search-results.ts';
import { Turns } from './turns.ts';

/** The {@link VectorIndex} of `createIndex`: checks what comes in, and lets one change at a time happen. */
export class EngineIndex implements VectorIndex {
  calibration: Calibration | undefined;
  readonly #records: EngineRecords;
  readonly #turns = new Turns();
  readonly #latency = new LatencyWindow();

  constructor(metric: string, dimension: number | undefined, factory: SearchEngineFactory) {
    this.#records = new EngineRecords(metric, dimension, factory);
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
    checkNames(where, options, ['ids', 'labels', 'data']);
    const rows = readVectors(where, vectors, this.dimension);
    const records = readRecords(where, rows.count, options);
    return this.#turns.write(() => {
      // An add before this one may have set the dimension since.
      checkDimension(where, rows.dimension, this.dimension);
      return this.#records.put(where, rows, records, replace);
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
    for (const [, slot] of this.store.entries()) yield this.#records.record(slot);
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

  search(vectors: Vectors, options: SearchOptions = {}): Promise<Neighbor[][]> {
    return this.#find(vectors, options, (hits) => neighborLists(this.store, hits));
  }

  searchColumns(vectors: Vectors, options: SearchOptions = {}): Promise<SearchColumns> {
    return this.#find(vectors, options, (hits) => searchColumns(this.store, hits));
  }

  async #find<T>(vectors: Vectors, options: SearchOptions, use: (hits: EngineHits) => T): Promise<T> {
    const { k = 5, radius = Infinity, filter, signal } = options;
    checkSearchOptions(options);
    return this.#turns.read(async () => {
      checkNotEmpty(this.size);
      const { data, count } = readVectors('index.search', vectors, this.dimension);
      const begin = performance.now();
      const allowed = filter && allowedSlots(this.store, filter);
      const hits = await this.#records.engine!.search(data, { k: Math.min(k, this.size), radius, allowed, signal });
      const result = use(hits);
      this.#latency.add(performance.now() - begin, count);
      return result;
    });
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

  toBytes(): Uint8Array {
    return writeIndexFile(this, this.store.nextId);
  }
}
