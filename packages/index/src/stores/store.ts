/** The two files of a stored index: the whole of it as it was, and the changes since. */
export type StoreFile = 'snapshot' | 'journal';

/**
 * A place that keeps an index. Four do: files of Node, IndexedDB, the origin private file system, and memory for tests. Calls
 * that change something never overlap; what they throw may be anything.
 */
export interface Store {
  /** As the user wrote it, for messages. */
  readonly target: string;
  /** In bytes; undefined when there is none. */
  size(file: StoreFile): Promise<number | undefined>;
  /** Fills `into` with the bytes from `at` on, all of which are there. */
  read(file: StoreFile, at: number, into: Uint8Array): Promise<void>;
  /** As `read`, at once, where the platform can; the file was read before. */
  readonly readNow?: ((file: StoreFile, at: number, into: Uint8Array) => void) | undefined;
  /** Puts a whole new file, its parts one after the other, in the place of the old one: both or neither are seen, whatever happens, and the new one stays. */
  replace(file: StoreFile, parts: readonly Uint8Array[]): Promise<void>;
  /** Writes at the end of a file, which `at` is; may be lost until {@link Store.sync}. */
  append(file: StoreFile, at: number, parts: readonly Uint8Array[]): Promise<void>;
  /** Makes what was appended stay, whatever stops the process or the machine. */
  sync(file: StoreFile): Promise<void>;
  /** Removes what lies from `size` on. Stays. */
  cut(file: StoreFile, size: number): Promise<void>;
  /** Looks anew at what is there, for a reader beside an owner. */
  refresh(): Promise<void>;
  /** Keeps every other owner away until `close`. @throws `ERR_STATE` while there is one */
  lock(): Promise<void>;
  close(): Promise<void>;
}
