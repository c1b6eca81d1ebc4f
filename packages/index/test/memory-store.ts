import type { Store, StoreFile } from '../src/stores/store.ts';

/** What a store that was stopped throws. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** What a {@link MemoryStore} begins with. */
export interface MemoryStoreOptions {
  readonly left?: number;
  readonly random?: () => number;
  readonly files?: ReadonlyMap<StoreFile, Uint8Array>;
  /** As the disk has them for sure. Default `files`. */
  readonly safe?: ReadonlyMap<StoreFile, Uint8Array>;
}

const SECTOR = 512;

/**
 * A store in memory that stops after some work, as a process does that is killed or a machine that loses its power. Each call
 * costs 1, each byte written 1; a write that runs out of work is done in part.
 */
export class MemoryStore implements Store {
  readonly target = 'memory';
  /** Work left. */
  left: number;
  stopped = false;
  #files: Map<StoreFile, Uint8Array>;
  /** As the disk has it for sure. */
  #safe: Map<StoreFile, Uint8Array>;
  readonly #random: () => number;

  constructor({ left = Infinity, random = Math.random, files = new Map(), safe = files }: MemoryStoreOptions = {}) {
    this.left = left;
    this.#random = random;
    this.#files = new Map(files);
    this.#safe = new Map(safe);
  }

  /** What is there. */
  file(file: StoreFile): Uint8Array | undefined {
    return this.#files.get(file);
  }

  /** What the next process finds: everything that was written, or of what was not made safe any sectors. */
  afterwards(stop: 'process' | 'power', left: number = Infinity): MemoryStore {
    const files = new Map(this.#files);
    if (stop === 'power') {
      for (const [file, now] of this.#files) {
        const safe = this.#safe.get(file) ?? new Uint8Array();
        const length = safe.length + Math.floor(this.#random() * (1 + Math.max(0, now.length - safe.length)));
        const found = new Uint8Array(this.#random() < 0.3 ? safe.length : length);
        for (let at = 0; at < found.length; at += SECTOR) {
          const from = this.#random() < 0.5 ? now : safe;
          found.set(from.subarray(at, Math.min(at + SECTOR, found.length)), at);
          found.set(safe.subarray(at, Math.min(at + SECTOR, found.length, safe.length)), at);
        }
        files.set(file, found);
      }
    }
    return new MemoryStore({ left, random: this.#random, files, safe: stop === 'power' ? files : this.#safe });
  }

  async size(file: StoreFile): Promise<number | undefined> {
    await this.#work(1);
    return this.#files.get(file)?.length;
  }

  async read(file: StoreFile, at: number, into: Uint8Array): Promise<void> {
    await this.#work(1);
    const bytes = this.#files.get(file)?.subarray(at, at + into.length);
    if (bytes?.length !== into.length) throw new Error('read past the end');
    into.set(bytes);
  }

  async replace(file: StoreFile, parts: readonly Uint8Array[]): Promise<void> {
    const bytes = joined(parts);
    const fits = this.left > bytes.length;
    // The work may end right before or right after the one moment in which the file changes.
    if (fits || this.#random() < 0.5) {
      if (this.stopped) throw new Stopped();
      this.#files.set(file, bytes);
      this.#safe.set(file, bytes.slice());
    }
    await this.#work(bytes.length + 1);
  }

  async append(file: StoreFile, at: number, parts: readonly Uint8Array[]): Promise<void> {
    if (this.stopped) throw new Stopped();
    const bytes = joined(parts);
    const old = this.#files.get(file);
    if (!old || old.length < at) throw new Error('append past the end');
    const done = bytes.subarray(0, Math.min(bytes.length, Math.max(0, this.left)));
    const now = new Uint8Array(Math.max(at + done.length, old.length));
    now.set(old);
    now.set(done, at);
    this.#files.set(file, now);
    await this.#work(bytes.length + 1);
  }

  async sync(file: StoreFile): Promise<void> {
    const now = this.#files.get(file);
    await this.#work(1);
    if (now) this.#safe.set(file, now.slice());
  }

  async cut(file: StoreFile, size: number): Promise<void> {
    await this.#work(1);
    const now = this.#files.get(file)!.slice(0, size);
    this.#files.set(file, now);
    this.#safe.set(file, now.slice());
  }

  async refresh(): Promise<void> {}

  async lock(): Promise<void> {
    await this.#work(1);
  }

  async close(): Promise<void> {}

  async #work(amount: number): Promise<void> {
    await Promise.resolve();
    this.left -= amount;
    if (this.left <= 0) this.stopped = true;
    if (this.stopped) throw new Stopped();
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
