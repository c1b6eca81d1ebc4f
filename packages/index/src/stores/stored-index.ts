import type { AddOptions, Id, IndexCalibrateOptions, Label, MergeOptions, VectorIndex, Vectors } from '../contract.ts';
import type { Calibration } from '@simile/metrics';
import type { EngineRecords } from '../records/engine-records.ts';
import { EngineIndex } from '../vector-index.ts';
import type { ChangeLog } from './change-log.ts';

/** A {@link VectorIndex} that lives in a file or a database: what its promises confirm is there after any crash. */
export interface StoredVectorIndex extends VectorIndex {
  /** The target it was opened with. */
  readonly path: string;
  /** Through once everything confirmed so far is safe on the disk, also with `durability: 'relaxed'`. */
  flush(): Promise<void>;
  /** Writes everything as one new snapshot, so that opening has no changes to repeat. Runs by itself once these are many. */
  save(): Promise<void>;
}

/** The index of `openIndex`. */
export class StoredIndex extends EngineIndex implements StoredVectorIndex {
  readonly path: string;
  readonly #records: EngineRecords;
  readonly #log: ChangeLog;
  /** A save that began by itself. */
  #saving: Promise<void> | undefined;
  /** Calibrations on their way to the journal. */
  #pending: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(
    path: string,
    records: EngineRecords,
    calibration: Calibration | undefined,
    log: ChangeLog,
    recall?: number,
  ) {
    super(records, recall);
    this.calibration = calibration;
    this.path = path;
    this.#records = records;
    this.#log = log;
    records.log = log.write;
  }

  override add(vectors: Vectors, options?: AddOptions): Promise<Id[]> {
    return this.#confirmed(super.add(vectors, options));
  }

  override upsert(vectors: Vectors, options: AddOptions & { readonly ids: ArrayLike<Id> }): Promise<Id[]> {
    return this.#confirmed(super.upsert(vectors, options));
  }

  override merge(other: VectorIndex, options?: MergeOptions): Promise<Id[]> {
    return this.#confirmed(super.merge(other, options));
  }

  override remove(ids: Id | ArrayLike<Id>): Promise<number> {
    return this.#confirmed(super.remove(ids));
  }

  override clear(): Promise<void> {
    return this.#confirmed(super.clear());
  }

  override async calibrate(
    vectors: Vectors,
    labels: ArrayLike<Label>,
    options?: IndexCalibrateOptions,
  ): Promise<Calibration> {
    const calibration = await super.calibrate(vectors, labels, options);
    await this.#confirmed(this.#writeCalibration(calibration));
    return calibration;
  }

  override setCalibration(calibration: Calibration | undefined): void {
    super.setCalibration(calibration);
    const write = (): Promise<void> => this.#confirmed(this.#writeCalibration(calibration));
    this.#pending = this.#pending.then(write).catch((error: unknown) => void (this.#failure ??= { error }));
  }

  async flush(): Promise<void> {
    await this.#pending;
    await this.#saving;
    this.#rethrow();
    await this.#log.flush();
  }

  async save(): Promise<void> {
    await this.#pending;
    await this.exclusively(async (pause) => {
      const { metric, dimension, calibration, store } = this;
      let done = false;
      const folding = this.#log
        .fold({ metric, dimension, calibration, store, engine: this.#records.engine })
        .finally(() => (done = true));
      folding.catch(() => undefined); // told by the last line
      while (!done) await pause(); // searches go on
      await folding;
    });
  }

  override async close(): Promise<void> {
    await this.#pending;
    await this.#saving;
    await super.close();
    await this.#log.close();
    this.#rethrow();
  }

  /** What a change gives, once it is as safe as was asked for. */
  async #confirmed<T>(change: Promise<T>): Promise<T> {
    const result = await change;
    await this.#log.settled();
    if (this.#log.isLong && !this.#saving) {
      this.#saving = this.save()
        .catch((error: unknown) => void (this.#failure ??= { error }))
        .finally(() => (this.#saving = undefined));
    }
    return result;
  }

  #writeCalibration(calibration: Calibration | undefined): Promise<void> {
    return this.exclusively(async () => void (await this.#log.write({ change: 'calibration', calibration })));
  }

  #rethrow(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }
}
