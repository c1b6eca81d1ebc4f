import { joinParts, piecesOf } from './join-parts.ts';
import { missing, PieceDatabase } from './piece-database.ts';
import { acquireTabLock } from './tab-lock.ts';
import type { Store, StoreFile } from './store.ts';

/** Bytes of a piece of a file, and of the pieces of one transaction. */
const PIECE = 1 << 22;
const AT_ONCE = 8;

/** Which pieces are those of a file. */
interface Head {
  readonly version: number;
  readonly size: number;
}

/** Key of a piece: index, file, version of the file, place of its first byte. */
type PieceKey = [string, StoreFile, number, number];

/**
 * A {@link Store} in IndexedDB. A file is a head and its pieces; what is appended is a piece more, and a new file is there once
 * the head names its version, so that no transaction holds much more than it writes.
 */
export class DatabaseStore implements Store {
  readonly target: string;
  readonly #name: string;
  readonly #database = new PieceDatabase();
  /** Where the pieces of a file begin, read once. */
  readonly #starts = new Map<StoreFile, { readonly version: number; readonly list: number[] }>();
  #unlock: (() => Promise<void>) | undefined;

  constructor(name: string) {
    this.target = `indexeddb://${name}`;
    this.#name = name;
  }

  async size(file: StoreFile): Promise<number | undefined> {
    return (await this.#head(file))?.size;
  }

  async read(file: StoreFile, at: number, into: Uint8Array): Promise<void> {
    const head = await this.#head(file);
    if (!head) throw missing();
    const list = await this.#startsOf(file, head.version);
    const end = at + into.length;
    let i = lastAtMost(list, at);
    const keys: PieceKey[] = [];
    for (; i < list.length && list[i]! < end; i++) keys.push(this.#key(file, head.version, list[i]!));
    await this.#database.run('readonly', 'relaxed', (_, pieces) => {
      for (const key of keys) {
        const asked: IDBRequest<Uint8Array | undefined> = pieces.get(key);
        asked.onsuccess = () => {
          const piece = asked.result;
          if (!piece) return asked.transaction?.abort();
          const from = Math.max(0, at - key[3]);
          into.set(piece.subarray(from, from + end - Math.max(at, key[3])), Math.max(0, key[3] - at));
        };
      }
    });
  }

  async replace(file: StoreFile, parts: readonly Uint8Array[]): Promise<void> {
    const version = ((await this.#head(file))?.version ?? 0) + 1;
    const list: number[] = [];
    let size = 0;
    let waiting: [PieceKey, Uint8Array][] = [];
    const write = (): Promise<void> =>
      this.#database.run('readwrite', 'relaxed', (_, pieces) => {
        for (const [key, piece] of waiting) pieces.put(piece, key);
      });
    for (const piece of piecesOf(parts, PIECE)) {
      waiting.push([this.#key(file, version, size), piece]);
      list.push(size);
      size += piece.length;
      if (waiting.length === AT_ONCE) {
        await write();
        waiting = [];
      }
    }
    await write();
    await this.#database.run('readwrite', 'strict', (heads, pieces) => {
      heads.put({ version, size }, [this.#name, file]);
      this.#deleteOthers(pieces, file, version);
    });
    this.#starts.set(file, { version, list });
  }

  async append(file: StoreFile, at: number, parts: readonly Uint8Array[]): Promise<void> {
    const head = await this.#head(file);
    if (!head) throw missing();
    const list = await this.#startsOf(file, head.version);
    const bytes = joinParts(parts);
    await this.#database.run('readwrite', 'relaxed', (heads, pieces) => {
      pieces.put(bytes, this.#key(file, head.version, at));
      heads.put({ ...head, size: at + bytes.length }, [this.#name, file]);
    });
    list.push(at);
  }

  /** A transaction that is brought to the disk takes those before it along. */
  async sync(file: StoreFile): Promise<void> {
    const head = await this.#head(file);
    if (head) await this.#database.run('readwrite', 'strict', (heads) => void heads.put(head, [this.#name, file]));
  }

  async cut(file: StoreFile, size: number): Promise<void> {
    const head = await this.#head(file);
    if (!head) throw missing();
    const list = await this.#startsOf(file, head.version);
    const first = list.findIndex((start) => start >= size);
    const last = list[lastAtMost(list, size)];
    const kept = last !== undefined && last < size ? new Uint8Array(size - last) : undefined;
    if (kept && size < head.size) await this.read(file, last!, kept);
    await this.#database.run('readwrite', 'strict', (heads, pieces) => {
      pieces.delete(IDBKeyRange.bound(this.#key(file, head.version, size), this.#key(file, head.version, Infinity)));
      if (kept && size < head.size) pieces.put(kept, this.#key(file, head.version, last!));
      heads.put({ ...head, size: Math.min(size, head.size) }, [this.#name, file]);
    });
    if (first !== -1) list.length = first;
  }

  async refresh(): Promise<void> {
    this.#starts.clear();
  }

  async lock(): Promise<void> {
    this.#unlock = await acquireTabLock(this.target);
    // What a page that was closed in the middle of a `replace` left.
    for (const file of ['snapshot', 'journal'] as const) {
      const head = await this.#head(file);
      await this.#database.run('readwrite', 'relaxed', (_, pieces) => this.#deleteOthers(pieces, file, head?.version));
    }
  }

  async close(): Promise<void> {
    const unlock = this.#unlock;
    this.#unlock = undefined;
    await this.#database.close();
    await unlock?.();
  }

  #key(file: StoreFile, version: number, at: number): PieceKey {
    return [this.#name, file, version, at];
  }

  #head(file: StoreFile): Promise<Head | undefined> {
    return this.#database.run('readonly', 'relaxed', (heads) => heads.get([this.#name, file]));
  }

  async #startsOf(file: StoreFile, version: number): Promise<number[]> {
    const known = this.#starts.get(file);
    if (known?.version === version) return known.list;
    const range = IDBKeyRange.bound(this.#key(file, version, 0), this.#key(file, version, Infinity));
    const keys = await this.#database.run('readonly', 'relaxed', (_, pieces) => pieces.getAllKeys(range));
    const list = (keys as unknown as PieceKey[]).map((key) => key[3]);
    this.#starts.set(file, { version, list });
    return list;
  }

  /** Deletes the pieces of every version of a file but one. */
  #deleteOthers(pieces: IDBObjectStore, file: StoreFile, version: number | undefined): void {
    const all = (from: number, to: number, open: boolean): IDBKeyRange =>
      IDBKeyRange.bound(this.#key(file, from, 0), this.#key(file, to, 0), false, open);
    if (version === undefined) pieces.delete(all(0, Infinity, false));
    else {
      pieces.delete(all(0, version, true));
      pieces.delete(all(version + 1, Infinity, false));
    }
  }
}

/** Place of the last of ascending numbers that is not above `value`; 0 when there is none. */
function lastAtMost(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (list[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}
