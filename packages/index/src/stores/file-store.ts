import type * as Files from 'node:fs';
import type * as FilePromises from 'node:fs/promises';
import type * as Paths from 'node:path';
import { nodeModule } from '@simile/core/platform';
import { writeBytes } from '@simile/core/storage';
import { acquireLockFile } from './lock-file.ts';
import type { Store, StoreFile } from './store.ts';

type Handle = FilePromises.FileHandle;

/** A {@link Store} of Node: the snapshot at `path`, beside it `path.journal` and, while it is open for changes, `path.lock`. */
export class FileStore implements Store {
  readonly target: string;
  readonly #paths: Readonly<Record<StoreFile, string>>;
  readonly #fs = nodeModule<typeof FilePromises>('node:fs/promises')!;
  readonly #handles = new Map<StoreFile, { readonly handle: Handle; readonly writable: boolean }>();
  #unlock: (() => Promise<void>) | undefined;

  constructor(path: string) {
    this.target = path;
    this.#paths = { snapshot: path, journal: `${path}.journal` };
  }

  async size(file: StoreFile): Promise<number | undefined> {
    try {
      return (await (await this.#open(file, false)).stat()).size;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async read(file: StoreFile, at: number, into: Uint8Array): Promise<void> {
    const handle = await this.#open(file, false);
    let done = 0;
    while (done < into.length) {
      const { bytesRead } = await handle.read(into, done, into.length - done, at + done);
      if (bytesRead === 0) throw endedEarly();
      done += bytesRead;
    }
  }

  readNow(file: StoreFile, at: number, into: Uint8Array): void {
    const { readSync } = nodeModule<typeof Files>('node:fs')!;
    const { fd } = this.#handles.get(file)!.handle;
    let done = 0;
    while (done < into.length) {
      const count = readSync(fd, into, done, into.length - done, at + done);
      if (count === 0) throw endedEarly();
      done += count;
    }
  }

  async replace(file: StoreFile, parts: readonly Uint8Array[]): Promise<void> {
    await this.#close(file); // some systems rename nothing over an open file
    await writeBytes(this.#paths[file], parts);
  }

  async append(file: StoreFile, at: number, parts: readonly Uint8Array[]): Promise<void> {
    const handle = await this.#open(file, true);
    const small = parts.reduce((sum, { length }) => sum + length, 0) < 1 << 16;
    let end = at;
    for (const part of small ? [Buffer.concat(parts)] : parts) {
      let done = 0;
      while (done < part.length) {
        const { bytesWritten } = await handle.write(part, done, part.length - done, end + done);
        done += bytesWritten;
      }
      end += part.length;
    }
  }

  async sync(file: StoreFile): Promise<void> {
    await (await this.#open(file, true)).datasync();
  }

  async cut(file: StoreFile, size: number): Promise<void> {
    const handle = await this.#open(file, true);
    await handle.truncate(size);
    await handle.sync();
  }

  async refresh(): Promise<void> {
    await this.#close('snapshot');
    await this.#close('journal');
  }

  async lock(): Promise<void> {
    this.#unlock = await acquireLockFile(`${this.target}.lock`, this.target);
    await this.#removeLeftovers();
  }

  async close(): Promise<void> {
    await this.refresh();
    const unlock = this.#unlock;
    this.#unlock = undefined;
    await unlock?.();
  }

  /** What a process that was killed in the middle of a `replace` left beside. */
  async #removeLeftovers(): Promise<void> {
    const { basename, dirname, join } = nodeModule<typeof Paths>('node:path')!;
    const names = Object.values(this.#paths).map((path) => `${basename(path)}.`);
    const folder = dirname(this.target);
    for (const entry of await this.#fs.readdir(folder)) {
      const left = names.some(
        (name) => entry.startsWith(name) && /^[0-9a-z]{1,8}\.part$/.test(entry.slice(name.length)),
      );
      if (left) await this.#fs.rm(join(folder, entry), { force: true });
    }
  }

  async #open(file: StoreFile, writable: boolean): Promise<Handle> {
    const open = this.#handles.get(file);
    if (open && (open.writable || !writable)) return open.handle;
    const handle = await this.#fs.open(this.#paths[file], writable ? 'r+' : 'r');
    await open?.handle.close();
    this.#handles.set(file, { handle, writable });
    return handle;
  }

  async #close(file: StoreFile): Promise<void> {
    const open = this.#handles.get(file);
    this.#handles.delete(file);
    await open?.handle.close();
  }
}

const endedEarly = (): Error => Object.assign(new Error('the file ended early'), { code: 'EOF' });
