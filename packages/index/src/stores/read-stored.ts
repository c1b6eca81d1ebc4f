import { SimileError } from '@simile/core/errors';
import type { ChosenEngine } from '../engine-choice.ts';
import { asFileError } from '../file/index-file-sections.ts';
import type { IndexFile } from '../file/index-file.ts';
import { readIndexFile } from '../file/read-index-file.ts';
import type { EngineRecords } from '../records/engine-records.ts';
import { restoreRecords } from '../restore-index.ts';
import { readJournal, type JournalContents, type OnDamage } from './read-journal.ts';
import { Replay } from './replay.ts';
import { SnapshotSource } from './snapshot-source.ts';
import type { Store } from './store.ts';

/** What an index must be, and how it is looked at. */
export interface WantedIndex {
  readonly metric?: string;
  readonly dimension?: number;
  readonly readOnly?: boolean;
  readonly onDamage?: OnDamage;
}

/** How often a reader looks again while an owner is writing a new snapshot. */
const LOOKS = 3;

/** An index as it was found. */
export interface Stored {
  readonly index: Replay;
  readonly generation: string;
  readonly source: SnapshotSource;
  readonly journal: JournalContents;
}

/** The snapshot with the changes since. */
export async function readStored(
  store: Store,
  options: WantedIndex,
  { factory, checkMetric }: ChosenEngine,
): Promise<Stored> {
  const { readOnly = false, onDamage = 'error' } = options;
  for (let look = 1; ; look++) {
    let records: EngineRecords | undefined;
    try {
      const size = (await store.size('snapshot'))!;
      const source = new SnapshotSource(store, size);
      const file = await readIndexFile(source);
      await asFileError(() => checkMetric(file.metric));
      checkAgrees(file, options);
      const { generation, previous } = file;
      records = await restoreRecords(file, factory);
      const index = new Replay(records, file.calibration);
      const journal = await readJournal(store, { generation, previous, onDamage }, (payload) => index.apply(payload));
      await index.flush();
      return { index, generation, source, journal };
    } catch (error) {
      await records?.close();
      // An owner may be writing a new snapshot while it is read here.
      if (!readOnly || !SimileError.is(error) || error.code !== 'ERR_FILE' || look === LOOKS) throw error;
      await store.refresh();
    }
  }
}

/** What was asked for must be what is there. @throws `ERR_OPTION` */
function checkAgrees({ metric, dimension }: IndexFile, options: WantedIndex): void {
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
