import { crc32 } from '@simile/core/container';
import { OriginFile } from './origin-file.ts';
import { acquireTabLock } from './tab-lock.ts';
import type { Store, StoreFile } from './store.ts';

const FOLDER = 'simile-index';
/** Two places for the head, written in turn, so that one of them is always whole. */
const HEADS = ['head.0', 'head.1'] as const;

/** Which files are in use. */
interface Head {
  /** Counts the heads written; the higher one counts. */
  readonly count: number;
  readonly snapshot?: string;
  readonly journal?: string;
}

/** A {@link Store} in the origin private file system: a folder with a head that names a snapshot and a journal. */
export class OriginFileStore implements Store {
  readonly target: string;
  readonly #name: string;
  #folder: Promise<FileSystemDirectoryHandle> | undefined;
  #head: Head | undefined;
  readonly #files = new Map<StoreFile, OriginFile>();
  #unlock: (() => Promise<void>) | undefined;

  constructor(name: string) {
    this.target = `opfs://${name}`;
    this.#name = name;
  }

  async size(file: StoreFile): Promise<number | undefined> {
    return (await this.#open(file))?.size();
  }

  async read(file: StoreFile, at: number, into: Uint8Array): Promise<void> {
    await (await this.#existing(file)).read(at, into);
  }

  async replace(file: StoreFile, parts: readonly Uint8Array[]): Promise<void> {
    const folder = await this.#directory();
    const head = await this.#readHead();
    const old = head[file];
    const name = `${file}.${head.count + 1}`;
    const fresh = await OriginFile.open(folder, name, { create: true, exclusive: this.#unlock !== undefined });
    try {
      await fresh.write(0, parts, true);
      await fresh.sync();
      await this.#writeHead({ ...head, count: head.count + 1, [file]: name });
    } catch (error) {
      await fresh.close();
      throw error;
    }
    await this.#files.get(file)?.close();
    this.#files.set(file, fresh);
    if (old) await folder.removeEntry(old).catch(() => undefined); // goes with the next lock
  }

  async append(file: StoreFile, at: number, parts: readonly Uint8Array[]): Promise<void> {
    await (await this.#existing(file)).write(at, parts, false);
  }

  async sync(file: StoreFile): Promise<void> {
    await (await this.#existing(file)).sync();
  }

  async cut(file: StoreFile, size: number): Promise<void> {
    await (await this.#existing(file)).cut(size);
  }

  async refresh(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
    this.#files.clear();
    this.#head = undefined;
  }

  async lock(): Promise<void> {
    this.#unlock = await acquireTabLock(this.target);
    const folder = await this.#directory();
    const head = await this.#readHead();
    const known: ReadonlySet<string | undefined> = new Set([...HEADS, head.snapshot, head.journal]);
    for await (const name of folder.keys()) {
      if (!known.has(name)) await folder.removeEntry(name).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.refresh();
    const unlock = this.#unlock;
    this.#unlock = undefined;
    await unlock?.();
  }

  #directory(): Promise<FileSystemDirectoryHandle> {
    this.#folder ??= openFolder(this.#name);
    return this.#folder;
  }

  async #open(file: StoreFile): Promise<OriginFile | undefined> {
    const known = this.#files.get(file);
    if (known) return known;
    const name = (await this.#readHead())[file];
    if (!name) return undefined;
    const exclusive = this.#unlock !== undefined;
    const opened = await OriginFile.open(await this.#directory(), name, { create: false, exclusive });
    this.#files.set(file, opened);
    return opened;
  }

  async #existing(file: StoreFile): Promise<OriginFile> {
    const opened = await this.#open(file);
    if (!opened) throw new DOMException('the file is not there', 'NotFoundError');
    return opened;
  }

  async #readHead(): Promise<Head> {
    if (this.#head) return this.#head;
    const folder = await this.#directory();
    let best: Head = { count: 0 };
    for (const name of HEADS) {
      const text = await folder.getFileHandle(name).then(
        async (handle) => (await handle.getFile()).text(),
        () => '',
      );
      const [sum, json = ''] = text.split('\n');
      if (sum !== sumOf(json)) continue; // never written, or only in part
      const head = JSON.parse(json) as Head;
      if (head.count > best.count) best = head;
    }
    this.#head = best;
    return best;
  }

  async #writeHead(head: Head): Promise<void> {
    const json = JSON.stringify(head);
    const folder = await this.#directory();
    const file = await OriginFile.open(folder, HEADS[head.count % 2]!, { create: true, exclusive: true });
    try {
      await file.write(0, [new TextEncoder().encode(`${sumOf(json)}\n${json}`)], true);
      await file.sync();
    } finally {
      await file.close();
    }
    this.#head = head;
  }
}

const sumOf = (json: string): string => crc32(new TextEncoder().encode(json)).toString(16);

async function openFolder(name: string): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const all = await root.getDirectoryHandle(FOLDER, { create: true });
  return all.getDirectoryHandle(encodeURIComponent(name), { create: true });
}
