import { checkInteger, checkNames, checkNotNegative, checkOneOf, SimileError } from '@simile/core/errors';
import type { IndexOptions } from '../contract.ts';
import { chooseEngine } from '../engine-choice.ts';
import { indexFileParts } from '../file/write-index-file.ts';
import { EngineRecords } from '../records/engine-records.ts';
import { ChangeLog, newGeneration, type Durability } from './change-log.ts';
import { HEAD, writeHead } from './journal-frame.ts';
import type { JournalContents, OnDamage } from './read-journal.ts';
import { readStored } from './read-stored.ts';
import { openStore } from './open-store.ts';
import { StoredIndex, type StoredVectorIndex } from './stored-index.ts';
import type { Store } from './store.ts';

/** Options of {@link openIndex}; those of `createIndex` count for an index that is made, and must agree with one that is there. */
export interface OpenIndexOptions extends IndexOptions {
  /** Looks without a lock, beside an owner that writes; changes are refused. Default false. */
  readonly readOnly?: boolean;
  /** `strict`: a change is confirmed once it is safe on the disk. `relaxed`: once the system has it, so that a power cut may take the last ones; `flush` makes them safe. Default `strict`. */
  readonly durability?: Durability;
  /** A new snapshot is written once the journal is longer than this share of the last, and than 256 KiB; 0 for after every change. Default .1. */
  readonly journalShare?: number;
  /** `cut` goes on with what was written before a damaged entry of the journal, in place of an error. Default `error`. */
  readonly onDamage?: OnDamage;
}

const WHERE = 'open-index';
const NAMES = [
  'dimension',
  'metric',
  'engine',
  'precision',
  'threads',
  'recall',
  'readOnly',
  'durability',
  'journalShare',
  'onDamage',
];

/**
 * Opens an index that lives in a file or a database, or makes it. Every change is confirmed once it is written: whatever
 * stops the process after that, it is there at the next opening. Small changes are appended to a journal beside the index;
 * once that is long, all is written anew.
 *
 * @param target Path or `file://` URL (Node), `indexeddb://name`, `opfs://name` (page or worker)
 * @throws `ERR_STATE` while it is open elsewhere; `ERR_FILE` when it is damaged or cannot be read or written; `ERR_OPTION` for
 *   a target that this platform lacks, or a metric or dimension that is not the one of the index
 * @example
 * const index = await openIndex('faces.simile', { dimension: 2 });
 * await index.upsert(Float32Array.of(1, 0), { ids: ['ada'] });
 * index.size; // 1, on the disk
 * await index.close();
 */
export async function openIndex(target: string | URL, options: OpenIndexOptions = {}): Promise<StoredVectorIndex> {
  const { dimension, readOnly = false, durability = 'strict', onDamage = 'error', journalShare = 0.1 } = options;
  checkNames(WHERE, options, NAMES);
  if (dimension !== undefined) checkInteger(WHERE, { dimension }, 1);
  checkOneOf(WHERE, { durability }, ['strict', 'relaxed']);
  checkOneOf(WHERE, { onDamage }, ['error', 'cut']);
  checkOneOf(WHERE, { readOnly }, [true, false]);
  checkNotNegative(WHERE, { journalShare });
  return openStored(openStore(target), options);
}

/** {@link openIndex} on any store; closes it when it fails. */
export async function openStored(store: Store, options: OpenIndexOptions): Promise<StoredVectorIndex> {
  const { dimension, metric, readOnly = false, durability = 'strict', journalShare = 0.1 } = options;
  try {
    const choice = chooseEngine(WHERE, options);
    if (metric !== undefined) choice.checkMetric(metric);
    if (!readOnly) await store.lock();
    const shared = { store, readOnly, durability, journalShare };
    if ((await store.size('snapshot')) === undefined) {
      choice.checkMetric(metric ?? 'cosine');
      const records = new EngineRecords(metric ?? 'cosine', dimension, choice.factory);
      return new StoredIndex(store.target, records, undefined, await beginStore(shared, records), choice.recall);
    }
    const { index, generation, source, journal } = await readStored(store, options, choice);
    const journalSize = readOnly ? undefined : await settleJournal(store, generation, journal);
    const log = new ChangeLog({ ...shared, generation, source, snapshotSize: source.size, journalSize });
    const stored = new StoredIndex(store.target, index.records, index.calibration, log, choice.recall);
    await stored.keepRecall(); // of an engine that had to be built anew
    return stored;
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }
}

/** Makes a journal that was read one to go on with. Gives its size. */
async function settleJournal(
  store: Store,
  generation: string,
  { size, stale, torn }: JournalContents,
): Promise<number | undefined> {
  if (stale) {
    await store.replace('journal', [writeHead(generation)]);
    return HEAD;
  }
  if (torn > 0) await store.cut('journal', size!);
  // What was read may be in the memory of the system only, left there by a process that was killed.
  if (size !== undefined) await store.sync('journal');
  return size;
}

type Shared = Pick<ConstructorParameters<typeof ChangeLog>[0], 'store' | 'readOnly' | 'durability' | 'journalShare'>;

/** Writes an index without records. */
async function beginStore(shared: Shared, { metric, dimension, store: empty }: EngineRecords): Promise<ChangeLog> {
  const { store, readOnly } = shared;
  if (readOnly || (await store.size('journal')) !== undefined) {
    const rule = readOnly ? `${store.target} must exist` : `a journal must have its index beside it, ${store.target}`;
    const remedy = readOnly ? 'Check the name.' : 'Restore the index from a copy, or move the journal away.';
    throw new SimileError({ where: WHERE, rule, remedy, code: 'ERR_FILE' });
  }
  const generation = newGeneration();
  const index = { metric, dimension, calibration: undefined, store: empty, engine: undefined };
  const parts = indexFileParts(index, { generation, previous: undefined });
  await store.replace('snapshot', parts);
  const snapshotSize = parts.reduce((sum, { length }) => sum + length, 0);
  return new ChangeLog({ ...shared, generation, snapshotSize, journalSize: undefined, source: undefined });
}
