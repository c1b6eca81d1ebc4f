import type * as FilePromises from 'node:fs/promises';
import type * as Paths from 'node:path';
import type * as Urls from 'node:url';
import { SimileError } from './errors.ts';
import { fetchBytes } from './fetch-bytes.ts';
import { nodeModule } from './platform.ts';

/** Database of `indexeddb://name` and its one object store. */
const DATABASE = 'simile';
const STORE = 'files';

/**
 * Writes a file whole or not at all.
 *
 * @param target Path of a file or `file://` URL (Node; written beside the place and renamed into it, so a failure leaves
 *   what was there), or `indexeddb://name` (browser and worker; one transaction).
 * @param bytes The file, whole or in parts that follow each other
 * @throws `ERR_OPTION` for a target that this platform lacks, `ERR_FILE` when it cannot be written: no such folder, no
 *   permission, no space.
 * @example
 * await writeBytes('out/model.simile', bytes);
 * await writeBytes('indexeddb://my-model', bytes);
 */
export async function writeBytes(target: string | URL, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
  const place = placeOf('write-bytes', target);
  const parts = bytes instanceof Uint8Array ? [bytes] : bytes;
  try {
    if (place.kind === 'file') await replaceFile(place.path, parts);
    else await request('readwrite', (store) => store.put(joined(parts), place.name));
  } catch (cause) {
    throw fileError('write-bytes', `${place.shown} must be writable`, cause, REMEDIES[codeOf(cause)] ?? WRITE_REMEDY);
  }
}

/**
 * Reads a whole file written by {@link writeBytes} or anyone, or what lies at an `http:` or `https:` address. In a page or worker a
 * target without a scheme is an address too, relative to it.
 *
 * @throws `ERR_OPTION` for a target that this platform lacks, `ERR_FILE` when there is none or it cannot be read.
 */
export async function readBytes(target: string | URL): Promise<Uint8Array> {
  if (isAddress(String(target))) return fetchBytes(String(target));
  const place = placeOf('read-bytes', target);
  let bytes: unknown;
  try {
    if (place.kind === 'file') bytes = await place.fs.readFile(place.path);
    else bytes = await request('readonly', (store) => store.get(place.name));
  } catch (cause) {
    throw fileError('read-bytes', `${place.shown} must be readable`, cause, REMEDIES[codeOf(cause)] ?? READ_REMEDY);
  }
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw fileError('read-bytes', `${place.shown} must exist`, undefined, READ_REMEDY);
}

/** Removes a file; one that is not there is no error. @throws as {@link writeBytes} */
export async function removeBytes(target: string | URL): Promise<void> {
  const place = placeOf('remove-bytes', target);
  try {
    if (place.kind === 'file') await place.fs.rm(place.path, { force: true });
    else await request('readwrite', (store) => store.delete(place.name));
  } catch (cause) {
    throw fileError('remove-bytes', `${place.shown} must be removable`, cause, WRITE_REMEDY);
  }
}

function isAddress(target: string): boolean {
  if (/^https?:/i.test(target)) return true;
  return target !== '' && !/^[a-z][a-z0-9+.-]+:/i.test(target) && nodeModule('node:fs/promises') === undefined;
}

type FileSystem = typeof FilePromises;
type Place =
  | { readonly kind: 'file'; readonly shown: string; readonly path: string; readonly fs: FileSystem }
  | { readonly kind: 'database'; readonly shown: string; readonly name: string };

function placeOf(where: string, target: string | URL): Place {
  const text = String(target);
  const refuse = (rule: string, remedy: string): SimileError =>
    new SimileError({ where, rule, got: text, remedy, code: 'ERR_OPTION' });

  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme?.toLowerCase() === 'indexeddb') {
    if (!rest) throw refuse('target must have a name after indexeddb://', 'Write indexeddb://my-model.');
    if (globalThis.indexedDB) return { kind: 'database', shown: text, name: rest };
    throw refuse('indexeddb:// needs a browser', 'Give the path of a file, such as my-model.simile.');
  }
  const fs = nodeModule<FileSystem>('node:fs/promises');
  if (scheme && scheme.toLowerCase() !== 'file') {
    const known = fs ? 'a path, file:// or indexeddb://' : 'indexeddb://name';
    throw refuse(`target must be ${known}`, `${scheme}:// is not a place that can be written.`);
  }
  if (!fs) throw refuse('a browser has no files', 'Write indexeddb://my-model, or use toBytes and a download.');
  if (!text) throw refuse('target must be the path of a file', 'Give one, such as my-model.simile.');
  const path = scheme ? nodeModule<typeof Urls>('node:url')!.fileURLToPath(text) : text;
  return { kind: 'file', shown: path, path, fs };
}

/**
 * Writes beside the file, brings it to the disk, renames, and brings the folder to the disk: readers see the old file or the
 * new one, never a part, and a new one that was reported stays, whatever stops the machine.
 */
async function replaceFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const fs = nodeModule<FileSystem>('node:fs/promises')!;
  const { dirname } = nodeModule<typeof Paths>('node:path')!;
  const place = await fs.realpath(path).catch(() => path); // a link stays a link
  const beside = `${place}.${Math.random().toString(36).slice(2, 10)}.part`;
  try {
    const file = await fs.open(beside, 'wx');
    try {
      for (const part of parts) await file.writeFile(part); // each goes on where the last one ended
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(beside, place);
    await syncFolder(fs, dirname(place));
  } catch (error) {
    await fs.rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Brings the names in a folder to the disk, where the system lets folders be opened (Windows does not, nor has it to be told). */
async function syncFolder(fs: FileSystem, path: string): Promise<void> {
  const folder = await fs.open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** One request in a transaction of its own; settles when the transaction has. */
async function request<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error ?? asked.error);
    });
  } finally {
    database.close();
  }
}

const WRITE_REMEDY = 'See the cause of this error; nothing was changed there.';
const READ_REMEDY = 'Check the name.';
const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder: check the path, and make the folder first.',
  ENOTDIR: 'A part of the path is a file: check the path.',
  EACCES: 'This user may not: change the permissions or choose another place.',
  EPERM: 'This user may not: change the permissions or choose another place.',
  EROFS: 'The file system is read-only: choose another place.',
  EISDIR: 'It is a folder: give the path of a file in it.',
  ENOSPC: 'The disk is full: make room or choose another place. What was there before is unchanged.',
  EDQUOT: 'The quota is used up: make room or choose another place. What was there before is unchanged.',
  QuotaExceededError: 'The quota of this site is used up: remove something or ask for persistent storage.',
};

function codeOf(cause: unknown): string {
  const { code, name } = cause as { code?: unknown; name?: unknown };
  return String(typeof code === 'string' ? code : name);
}

/** The `ERR_FILE` for what a platform threw when it was to read or write: with its code, and what to do about that. */
export function storageError(where: string, rule: string, cause: unknown): SimileError {
  return fileError(where, rule, cause, REMEDIES[codeOf(cause)] ?? 'See the cause of this error.');
}

function fileError(where: string, rule: string, cause: unknown, remedy: string): SimileError {
  const got = cause === undefined ? undefined : codeOf(cause);
  return new SimileError({ where, rule, ...(got && { got }), remedy, code: 'ERR_FILE', ...(cause ? { cause } : {}) });
}
