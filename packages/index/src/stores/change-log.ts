import { SimileError } from '@simile/core/errors';
import type { WritableIndex } from '../file/write-index-file.ts';
import { indexFileParts } from '../file/write-index-file.ts';
import { writeChange, type Change } from './change.ts';
import { Journal } from './journal.ts';
import { HEAD } from './journal-frame.ts';
import type { SnapshotSource } from './snapshot-source.ts';
import type { Store } from './store.ts';

/** When a change is said to be done: once it is safe on the disk, or once it was handed to the system. */
export type Durability = 'strict' | 'relaxed';

/** A journal shorter than this is not worth a new snapshot, in bytes. */
const SHORT = 1 << 18;

/** How a {@link ChangeLog} goes on. */
export interface ChangeLogOptions {
  readonly store: Store;
  /** Name of the snapshot. */
  readonly generation: string;
  /** What the snapshot was read from, perhaps still is; undefined for a new one. */
  readonly source: SnapshotSource | undefined;
  /** Of the snapshot, in bytes. */
  readonly snapshotSize: number;
  /** Of the journal that goes on from it; undefined for none. */
  readonly journalSize: number | undefined;
  readonly readOnly: boolean;
  readonly durability: Durability;
  readonly journalShare: number;
}

/** Writes the changes of an index to its store: to the journal, and all of it anew once that is long. Calls of `write` and `fold` must not overlap. */
export class ChangeLog {
  readonly #options: ChangeLogOptions;
  readonly #journal: Journal;
  #generation: string;
  #snapshotSize: number;
  /** The journal is not folded again before it is this long. */
  #foldAt = 0;
  #closed = false;

  constructor(options: ChangeLogOptions) {
    const { store, generation, snapshotSize, journalSize } = options;
    this.#options = options;
    this.#journal = new Journal(store, generation, journalSize);
    this.#generation = generation;
    this.#snapshotSize = snapshotSize;
  }

  /** Whether the journal has grown beyond its share. */
  get isLong(): boolean {
    const { journalShare } = this.#options;
    const least = journalShare > 0 ? Math.max(SHORT, this.#snapshotSize * journalShare) : HEAD;
    return !this.#closed && this.#journal.size > Math.max(least, this.#foldAt);
  }

  /** Bytes of changes since the snapshot. */
  get journalSize(): number {
    return this.#journal.size;
  }

  /** Writes a change before it happens. Returns what takes it back, for one that then does not happen. @throws `ERR_STATE`, `ERR_FILE` */
  readonly write = async (change: Change): Promise<() => Promise<void>> => {
    this.#checkOpen();
    const { size } = this.#journal;
    await this.#journal.append(writeChange(change));
    return () => this.#journal.cut(size);
  };

  /** Through once the changes written so far are as safe as was asked for. */
  async settled(): Promise<void> {
    if (this.#options.durability === 'strict') await this.flush();
  }

  /** Through once the changes written so far are safe on the disk. */
  async flush(): Promise<void> {
    if (!this.#closed && !this.#options.readOnly) await this.#journal.sync();
  }

  /** Writes the whole index as a new snapshot and begins the journal anew. */
  async fold(index: WritableIndex): Promise<void> {
    this.#checkOpen();
    this.#foldAt = 2 * this.#journal.size; // unless this succeeds
    await index.engine?.prepareState?.();
    await this.#options.source?.end();
    const generation = newGeneration();
    const parts = indexFileParts(index, { generation, previous: this.#generation });
    await this.#options.store.replace('snapshot', parts);
    await this.#journal.reset(generation);
    this.#generation = generation;
    this.#snapshotSize = parts.reduce((sum, { length }) => sum + length, 0);
    this.#foldAt = 0;
  }

  /** Leaves everything safe and the store to the next owner. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      if (!this.#options.readOnly) await this.#journal.seal();
    } finally {
      await this.#options.source?.end();
      await this.#options.store.close();
    }
  }

  #checkOpen(): void {
    const { readOnly, store } = this.#options;
    if (!readOnly && !this.#closed) return;
    throw new SimileError({
      where: 'index',
      rule: `${store.target} must be open for changes`,
      got: this.#closed ? 'a closed index' : 'one opened with readOnly',
      remedy: this.#closed ? 'Open it again with openIndex.' : 'Open it without readOnly.',
      code: 'ERR_STATE',
    });
  }
}

/** A name that no other snapshot has. */
export function newGeneration(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
