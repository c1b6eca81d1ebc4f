const DATABASE = 'simile-index';

/** The database of all indices of an origin: heads of files, and their pieces. Opened by the first transaction. */
export class PieceDatabase {
  #database: Promise<IDBDatabase> | undefined;

  /** One transaction; through once it is, with the result of the request that `act` gave. */
  async run<T>(
    mode: IDBTransactionMode,
    durability: IDBTransactionDurability,
    act: (heads: IDBObjectStore, pieces: IDBObjectStore) => IDBRequest<T> | void,
  ): Promise<T> {
    this.#database ??= openDatabase();
    const database = await this.#database;
    return new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(['heads', 'pieces'], mode, { durability });
      const asked = act(transaction.objectStore('heads'), transaction.objectStore('pieces'));
      transaction.oncomplete = () => resolve(asked?.result as T);
      transaction.onabort = () => reject(transaction.error ?? missing());
    });
  }

  async close(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    (await database?.catch(() => undefined))?.close();
  }
}

/** Thrown where a file, or a part of it, is not there any more. */
export function missing(): Error {
  return Object.assign(new Error('a piece of the file is gone'), { name: 'NotFoundError' });
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('heads');
      opening.result.createObjectStore('pieces');
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}
