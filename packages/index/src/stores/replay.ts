import type { Calibration } from '@simile/metrics';
import type { Id } from '../contract.ts';
import { asFileError, broken } from '../file/index-file-sections.ts';
import type { EngineRecords } from '../records/engine-records.ts';
import { readRecords } from '../records/read-records.ts';
import { readVectors } from '../records/read-vectors.ts';
import { readChange, type PutChange } from './change.ts';

/** Values of the rows that are put at once. */
const AT_ONCE = 1 << 22;

/** Repeats the changes of a journal. Puts that follow each other go in as one, since an engine takes many rows faster than few. */
export class Replay {
  readonly records: EngineRecords;
  calibration: Calibration | undefined;
  #puts: PutChange[] = [];
  #ids = new Set<Id>();
  #values = 0;

  constructor(records: EngineRecords, calibration: Calibration | undefined) {
    this.records = records;
    this.calibration = calibration;
  }

  /** @throws `ERR_FILE` for what is no change */
  async apply(payload: Uint8Array): Promise<void> {
    const change = readChange(payload);
    if (change.change === 'put') {
      const before = this.#puts[0]?.dimension ?? this.records.dimension ?? change.dimension;
      if (change.dimension !== before) throw broken(`rows must have ${before} values`, change.dimension);
      if (this.#values > AT_ONCE || change.ids.some((id) => this.#ids.has(id))) await this.flush();
      this.#puts.push(change);
      for (const id of change.ids) this.#ids.add(id);
      this.#values += change.rows.length;
      return;
    }
    await this.flush();
    if (change.change === 'remove') await this.records.remove(change.ids);
    else if (change.change === 'calibration') this.calibration = change.calibration;
    else {
      await this.records.clear();
      this.calibration = undefined;
    }
  }

  /** Puts in what waits. */
  async flush(): Promise<void> {
    const puts = this.#puts;
    const [first] = puts;
    if (!first) return;
    const { dimension } = first;
    let rows = first.rows;
    if (puts.length > 1) {
      rows = new Float32Array(this.#values);
      let at = 0;
      for (const put of puts) {
        rows.set(put.rows, at);
        at += put.rows.length;
      }
    }
    this.#puts = [];
    this.#ids = new Set();
    this.#values = 0;
    const shape = [rows.length / dimension, dimension];
    await asFileError(async () => {
      const vectors = readVectors('index.upsert', { data: rows, shape }, this.records.dimension);
      const parts = readRecords('index.upsert', vectors.count, {
        ids: puts.flatMap(({ ids }) => ids),
        labels: puts.flatMap(({ labels }) => labels),
        data: puts.flatMap(({ data }) => data),
      });
      const quiet = { signal: undefined, onProgress: undefined, pause: () => Promise.resolve() };
      await this.records.put('index.upsert', vectors, parts, true, quiet);
    });
  }
}
