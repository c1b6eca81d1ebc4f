import { checkInteger, checkNames, checkNotNegative, checkOneOf, SimileError } from '@simile/core/errors';
import { distanceNames } from '@simile/distances/vectors';
import type { IndexOptions, SearchEngineFactory } from '../contract.ts';
import { asFileError } from '../file/index-file-sections.ts';
import { indexFileParts } from '../file/write-index-file.ts';
import { readIndexFile } from '../file/read-index-file.ts';
import type { IndexFile } from '../file/index-file.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { EngineRecords } from '../records/engine-records.ts';
import { restoreRecords } from '../restore-index.ts';
import { ChangeLog, newGeneration, type Durability } from './change-log.ts';
import { readJournal, type JournalContents, type OnDamage } from './read-journal.ts';
import { openStore } from './open-store.ts';
import { Replay } from './replay.ts';
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

const NAMES = ['dimension', 'metric', 'engine', 'readOnly', 'durability', 'journalShare', 'onDamage'];
/** How often a reader looks again while an owner is writing a new snapshot. */
const LOOKS = 3;

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
 * await index.upsert(Float32Array.of(1, 0), { ids: ['ada'] }); // on the disk
 * await index.close();
 */
export async function openIndex(target: string | URL, options: OpenIndexOptions = {}): Promise<StoredVectorIndex> {
  const { dimension, metric, engine, readOnly = false, durability = 'strict', journalShare = 0.1 } = options;
  const { onDamage = 'error' } = options;
  checkNames('open-index', options, NAMES);
  if (dimension !== undefined) checkInteger('open-index', { dimension }, 1);
  if (metric !== undefined && !engine) checkOneOf('open-index', { metric }, distanceNames);
  checkOneOf('open-index', { durability }, ['strict', 'relaxed']);
  checkOneOf('open-index', { onDamage }, ['error', 'cut']);
  checkOneOf('open-index', { readOnly }, [true, false]);
  checkNotNegative('open-index', { journalShare });
  return openStored(openStore(target), options);
}

/** {@link openIndex} on any store; closes it when it fails. */
export async function openStored(store: Store, options: OpenIndexOptions): Promise<StoredVectorIndex> {
  const { readOnly = false, engine, durability = 'strict', journalShare = 0.1 } = options;
  try {
    if (!readOnly) await store.lock();
    const shared = { store, readOnly, durability, journalShare };
    if ((await store.size('snapshot')) === undefined) return await createStored(shared, options);
    const { index, generation, snapshotSize, journal } = await readStored(store, options, engine ?? flatEngine());
    if (!readOnly && journal.torn > 0) await store.cut('journal', journal.size!);
    // What was read may be in the memory of the system only, left there by a process that was killed.
    if (!readOnly && journal.size !== undefined) await store.sync('journal');
    const log = new ChangeLog({ ...shared, generation, snapshotSize, journalSize: journal.size });
    return new StoredIndex(store.target, index.records, index.calibration, log);
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }
}

type Shared = Pick<ConstructorParameters<typeof ChangeLog>[0], 'store' | 'readOnly' | 'durability' | 'journalShare'>;

/** Writes an index without records. */
async function createStored(shared: Shared, options: OpenIndexOptions): Promise<StoredVectorIndex> {
  const { store, readOnly } = shared;
  const { dimension, metric = 'cosine', engine } = options;
  if (readOnly || (await store.size('journal')) !== undefined) {
    const rule = readOnly ? `${store.target} must exist` : `a journal must have its index beside it, ${store.target}`;
    const remedy = readOnly ? 'Check the name.' : 'Restore the index from a copy, or move the journal away.';
    throw new SimileError({ where: 'open-index', rule, remedy, code: 'ERR_FILE' });
  }
  const records = new EngineRecords(metric, dimension, engine ?? flatEngine());
  const generation = newGeneration();
  const empty = { metric, dimension, calibration: undefined, store: records.store, engine: undefined };
  const parts = indexFileParts(empty, { generation, previous: undefined });
  await store.replace('snapshot', parts);
  const snapshotSize = parts.reduce((sum, { length }) => sum + length, 0);
  const log = new ChangeLog({ ...shared, generation, snapshotSize, journalSize: undefined });
  return new StoredIndex(store.target, records, undefined, log);
}

interface Stored {
  readonly index: Replay;
  readonly generation: string;
  readonly snapshotSize: number;
  readonly journal: JournalContents;
}

/** The snapshot with the changes since. */
async function readStored(store: Store, options: OpenIndexOptions, factory: SearchEngineFactory): Promise<Stored> {
  const { readOnly = false, onDamage = 'error' } = options;
  for (let look = 1; ; look++) {
    let records: EngineRecords | undefined;
    try {
      const size = (await store.size('snapshot'))!;
      const file = await readIndexFile({ size, read: (at, into) => store.read('snapshot', at, into) });
      await checkAgrees(file, options);
      const { generation, previous } = file;
      records = await restoreRecords(file, factory);
      const index = new Replay(records, file.calibration);
      const journal = await readJournal(store, { generation, previous, onDamage }, (payload) => index.apply(payload));
      await index.flush();
      if (readOnly) await store.refresh();
      return { index, generation, snapshotSize: size, journal };
    } catch (error) {
      await records?.close();
      // An owner may be writing a new snapshot while it is read here.
      if (!readOnly || !SimileError.is(error) || error.code !== 'ERR_FILE' || look === LOOKS) throw error;
      await store.refresh();
    }
  }
}

/** What was asked for must be what is there. @throws `ERR_OPTION` */
async function checkAgrees({ metric, dimension }: IndexFile, options: OpenIndexOptions): Promise<void> {
  if (!options.engine) await asFileError(() => checkOneOf('open-index', { metric }, distanceNames));
  const wanted = { metric: options.metric, dimension: options.dimension };
  const there = { metric, dimension };
  for (const name of ['metric', 'dimension'] as const) {
    if (wanted[name] === undefined || there[name] === undefined || wanted[name] === there[name]) continue;
    throw new SimileError({
      where: 'open-index',
      rule: `${name} must be that of the index there, ${there[name]}`,
      got: wanted[name],
      remedy: `Leave ${name} out, or open another target.`,
      code: 'ERR_OPTION',
    });
  }
}
