import type { StoredEngineState } from './contract.ts';

/** Fewer rows than this are read before anything is answered. */
const WORTH_IT = 20_000;

/** Reading all rows begins this long after the engine is there, so that the first answers have the disk and the memory to themselves. */
const QUIET = 100;

/**
 * Float32 rows of a restored engine that are not read yet. Answers go by the codes, and need the rows of a few places only:
 * these are fetched one by one until all are there. Until then the memory must not grow, which would take away what is written to.
 */
export class LateRows {
  readonly #stored: StoredEngineState;
  readonly #into: Uint8Array;
  readonly #stride: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #then: () => void = () => undefined;

  /**
   * @param into Where the section `rows` goes, which is written from some time on
   * @param stride Bytes of a row
   */
  constructor(stored: StoredEngineState, into: Uint8Array, stride: number) {
    this.#stored = stored;
    this.#into = into;
    this.#stride = stride;
    this.#timer = setTimeout(() => void this.done(), QUIET);
    (this.#timer as { unref?: () => void }).unref?.(); // no process stays for it
  }

  /** Reads all rows that are not there; through once they are, and their checksum is right. */
  done(): Promise<void> {
    if (!this.#reading) {
      clearTimeout(this.#timer);
      this.#reading = this.#stored.read('rows', this.#into).then(() => this.#then());
      this.#reading.catch((error: unknown) => (this.#failure = { error })); // told to whoever asks
    }
    return this.#reading;
  }

  /** Calls `then` once all rows are there; what it throws is told as damage. */
  whenDone(then: () => void): void {
    this.#then = then;
  }

  /** Reads nothing more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#reading?.catch(() => undefined);
  }

  /** Whether so many rows may come later: they are worth it, and the store reads at once what is needed. */
  static isFor(stored: StoredEngineState, count: number): boolean {
    return stored.readNow !== undefined && count >= WORTH_IT;
  }

  /** Brings the rows at some places. @throws what reading the others has failed with */
  fetch(places: Iterable<number>): void {
    this.#check();
    for (const place of places) {
      const at = place * this.#stride;
      this.#stored.readNow!('rows', at, this.#into.subarray(at, at + this.#stride));
    }
  }

  /** Brings all rows at once. */
  fetchAll(): void {
    this.#check();
    this.#stored.readNow!('rows', 0, this.#into);
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
