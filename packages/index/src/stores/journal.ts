import { crc32 } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';
import { entryEnd, FRAME, HEAD, writeFrame, writeHead } from './journal-frame.ts';
import type { Store } from './store.ts';

/** Changes since a snapshot, each framed and checksummed, at the end of one file. Appends must not overlap. */
export class Journal {
  readonly #store: Store;
  #generation: string;
  /** Undefined before the file is there. */
  #size: number | undefined;
  /** Everything before this place is safe on the disk. */
  #durable: number;
  #sealed: boolean;
  #syncing: Promise<void> | undefined;
  #failure: unknown;
  /** Counts the times that something was taken back. */
  #cuts = 0;

  /** @param size Of the journal that goes on from that snapshot; undefined when there is none yet */
  constructor(store: Store, generation: string, size: number | undefined) {
    this.#store = store;
    this.#generation = generation;
    this.#size = size;
    this.#durable = size ?? 0;
    this.#sealed = size === undefined || size === HEAD;
  }

  /** In bytes. */
  get size(): number {
    return this.#size ?? HEAD;
  }

  /** Begins anew after another snapshot. */
  async reset(generation: string): Promise<void> {
    this.#check();
    try {
      await this.#store.replace('journal', [writeHead(generation)]);
    } catch (error) {
      this.#failure = error; // the snapshot is new, the journal old: only opening again sets that right
      throw error;
    }
    this.#generation = generation;
    this.#size = this.#durable = HEAD;
    this.#sealed = true;
  }

  /** Appends an entry, whole or not at all. It stays once `sync` is through. */
  async append(parts: readonly Uint8Array[]): Promise<void> {
    this.#check();
    if (this.#size === undefined) await this.reset(this.#generation);
    const at = this.#size!;
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const checksum = parts.reduce((sum, part) => crc32(part, sum), 0);
    const end = entryEnd(at, length);
    const frame = writeFrame({ length, checksum, durable: this.#durable }, at, this.#generation);
    try {
      await this.#store.append('journal', at, [frame, ...parts, new Uint8Array(end - at - FRAME - length)]);
    } catch (error) {
      await this.cut(at).catch(() => undefined); // what is left is written over, or nothing more is
      throw error;
    }
    this.#size = end;
    this.#sealed = length === 0;
  }

  /** Takes back what was appended after the journal had that size. */
  async cut(size: number): Promise<void> {
    this.#cuts++;
    try {
      await this.#store.cut('journal', size);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    this.#size = this.#durable = size;
  }

  /** Makes everything appended so far stay. Calls that overlap share one turn of the disk. */
  async sync(): Promise<void> {
    const generation = this.#generation;
    const end = this.size;
    while (this.#generation === generation && this.#durable < end) {
      this.#check();
      this.#syncing ??= this.#sync().finally(() => (this.#syncing = undefined));
      await this.#syncing;
    }
  }

  /** An empty entry that says that all before it is safe, so that damage there is never taken for a write that was cut off. */
  async seal(): Promise<void> {
    if (this.#sealed || this.#failure) return;
    await this.sync();
    await this.append([]);
    await this.sync();
  }

  async #sync(): Promise<void> {
    await Promise.resolve(); // lets entries in that are being appended now
    const { size } = this;
    const generation = this.#generation;
    const cuts = this.#cuts;
    try {
      await this.#store.sync('journal');
    } catch (error) {
      this.#failure = error; // what is on the disk is not known any more
      throw error;
    }
    if (this.#generation === generation && this.#cuts === cuts) this.#durable = Math.max(this.#durable, size);
  }

  #check(): void {
    if (!this.#failure) return;
    throw new SimileError({
      where: 'index',
      rule: 'a write to the disk failed, so nothing more can be changed',
      remedy: 'See the cause. Close the index and open it again: it then has what was confirmed.',
      code: 'ERR_STATE',
      cause: this.#failure,
    });
  }
}
