/** What workers have beside what pages have. */
interface SyncHandle {
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

/**
 * A file of the origin private file system: by a synchronous handle in workers of browsers that have them, which writes in
 * place, else by streams, which write beside and put it in the place of the old file when they are closed.
 */
export class OriginFile {
  readonly #handle: FileSystemFileHandle;
  readonly #direct: SyncHandle | undefined;

  private constructor(handle: FileSystemFileHandle, direct: SyncHandle | undefined) {
    this.#handle = handle;
    this.#direct = direct;
  }

  /** @param options `exclusive`: whether no one else has the file open, so that a synchronous handle may be had */
  static async open(
    folder: FileSystemDirectoryHandle,
    name: string,
    { create, exclusive }: { readonly create: boolean; readonly exclusive: boolean },
  ): Promise<OriginFile> {
    const handle = await folder.getFileHandle(name, { create });
    const open = (handle as { createSyncAccessHandle?: () => Promise<SyncHandle> }).createSyncAccessHandle;
    return new OriginFile(handle, exclusive ? await open?.call(handle) : undefined);
  }

  async size(): Promise<number> {
    return this.#direct ? this.#direct.getSize() : (await this.#handle.getFile()).size;
  }

  /** Fills `into` with the bytes from `at` on. */
  async read(at: number, into: Uint8Array): Promise<void> {
    let done = 0;
    if (this.#direct) {
      while (done < into.length) {
        const count = this.#direct.read(into.subarray(done), { at: at + done });
        if (count === 0) break;
        done += count;
      }
    } else {
      const blob = (await this.#handle.getFile()).slice(at, at + into.length);
      into.set(new Uint8Array(await blob.arrayBuffer()));
      done = blob.size;
    }
    if (done < into.length) throw new DOMException('the file ended early', 'NotReadableError');
  }

  /** Writes parts one after the other, from `at` on. @param alone Whether they are all of the file */
  async write(at: number, parts: readonly Uint8Array[], alone: boolean): Promise<void> {
    let end = at;
    if (this.#direct) {
      if (alone) this.#direct.truncate(0);
      for (const part of parts) {
        for (let done = 0; done < part.length;) {
          done += this.#direct.write(unshared(part.subarray(done)), { at: end + done });
        }
        end += part.length;
      }
      return;
    }
    const stream = await this.#handle.createWritable({ keepExistingData: !alone });
    try {
      for (const part of parts) {
        await stream.write({ type: 'write', position: end, data: unshared(part) });
        end += part.length;
      }
    } catch (error) {
      await stream.abort();
      throw error;
    }
    await stream.close();
  }

  async cut(size: number): Promise<void> {
    if (this.#direct) {
      this.#direct.truncate(size);
      this.#direct.flush();
      return;
    }
    const stream = await this.#handle.createWritable({ keepExistingData: true });
    await stream.truncate(size);
    await stream.close();
  }

  async sync(): Promise<void> {
    this.#direct?.flush();
  }

  async close(): Promise<void> {
    this.#direct?.close();
  }
}

/** Bytes that no other thread can change, as these interfaces want them. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
}
