import { SimileError } from '@simile/core/errors';
import type { SearchEngine, SearchEngineFactory } from './contract.ts';
import { asFileError } from './file/index-file-sections.ts';
import type { IndexFile } from './file/index-file.ts';
import { EngineRecords } from './records/engine-records.ts';
import { RecordStore } from './records/record-store.ts';
import { EngineIndex } from './vector-index.ts';

/**
 * An index that goes on where a file is: with the state of the engine where it knows it, else with the rows.
 *
 * @param recall To be reached, as for `createIndex`
 * @throws `ERR_FILE` for what is damaged; `ERR_MEMORY`
 */
export async function restoreIndex(
  file: IndexFile,
  factory: SearchEngineFactory,
  recall?: number,
): Promise<EngineIndex> {
  const index = new EngineIndex(await restoreRecords(file, factory), recall);
  index.setCalibration(file.calibration);
  await index.keepRecall();
  return index;
}

/** The records of a file, in an engine. @throws as {@link restoreIndex} */
export async function restoreRecords(file: IndexFile, factory: SearchEngineFactory): Promise<EngineRecords> {
  const { metric, dimension, columns } = file;
  const records = new EngineRecords(metric, dimension, factory);
  const store = RecordStore.fromColumns(columns);
  if (columns.count > 0 && dimension !== undefined) {
    records.store = store;
    records.engine = await asFileError(() => restoreEngine(file, records, dimension));
  } else {
    store.clear();
    store.nextId = columns.nextId;
    records.store = store;
  }
  return records;
}

async function restoreEngine(file: IndexFile, records: EngineRecords, dimension: number): Promise<SearchEngine> {
  const { count } = file.columns;
  const engine = await records.makeEngine(dimension, file.engine);
  try {
    records.restored = engine.size > 0;
    if (!records.restored) {
      const slots = records.store.slots();
      const rows = await file.rows();
      await engine.reserve?.(records.store.order.length);
      await engine.set(slots, rows);
    }
    if (engine.size === count) return engine;
  } catch (error) {
    await engine.close?.();
    throw error;
  }
  const held = engine.size;
  await engine.close?.();
  throw new SimileError({
    where: 'index-from-bytes',
    rule: `the engine must hold ${count} rows, one a record`,
    got: held,
    remedy: 'The file was not written by toBytes; write it again.',
    code: 'ERR_FILE',
  });
}
