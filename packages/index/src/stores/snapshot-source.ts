import type { ByteSource } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';
import type { Store } from './store.ts';

/** The snapshot of a store as it is read; an engine may go on reading after it was opened. */
export class SnapshotSource implements ByteSource {
  readonly size: number;
  readonly readNow: ByteSource['readNow'];
  readonly #store: Store;
  readonly #reads = new Set<Promise<void>>();
  #ended = false;

  constructor(store: Store, size: number) {
    this.size = size;
    this.#store = store;
    const { readNow } = store;
    this.readNow =
      readNow &&
      ((at, into) => {
        this.#check();
        readNow('snapshot', at, into);
      });
  }

  async read(at: number, into: Uint8Array): Promise<void> {
    this.#check();
    const reading = this.#store.read('snapshot', at, into);
    const settled = reading.then(
      () => undefined,
      () => undefined,
    );
    this.#reads.add(settled);
    void settled.then(() => this.#reads.delete(settled));
    await reading;
  }

  /** Through once nothing is being read any more, so that the snapshot may be replaced or closed. Nothing may be read after. */
  async end(): Promise<void> {
    while (this.#reads.size > 0) {
      await Promise.all(this.#reads);
      await new Promise((resolve) => setTimeout(resolve)); // who reads on has begun to by then
    }
    this.#ended = true;
  }

  #check(): void {
    if (!this.#ended) return;
    const rule = `the snapshot of ${this.#store.target} must be read before it is replaced`;
    throw new SimileError({ where: 'index', rule, remedy: 'Open the index again.', code: 'ERR_STATE' });
  }
}
