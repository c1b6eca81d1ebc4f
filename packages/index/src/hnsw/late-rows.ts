import type { StoredEngineState } from '../contract.ts';
import type { HnswGraph } from './hnsw-graph.ts';

/** Graphs smaller than this are read whole before anything is answered. */
const WORTH_IT = 20_000;

/** Reading all rows begins this long after the graph is there, so that the first answers have the disk and the memory to themselves. */
const QUIET = 100;

/**
 * Float32 rows of a restored graph that are not read yet. Answers go by the codes, and need the rows of a few nodes only:
 * these are fetched one by one until all are there. Until then the memory must not grow, which would move what is written.
 */
export class LateRows {
  /** Best nodes that a search may keep without more memory. */
  readonly most: number;
  readonly #graph: HnswGraph;
  readonly #stored: StoredEngineState;
  readonly #into: Uint8Array;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #then: () => void = () => undefined;

  /** @param into The region of the rows, which is written from some time on */
  constructor(graph: HnswGraph, stored: StoredEngineState, into: Uint8Array, most: number) {
    this.#graph = graph;
    this.#stored = stored;
    this.#into = into;
    this.most = most;
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

  /** Calls `then` once all rows are there. */
  whenDone(then: () => void): void {
    this.#then = then;
  }

  /** Reads nothing more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#reading?.catch(() => undefined);
  }

  /** Whether rows may come later: the store reads at once what is needed, no other thread does, and codes are there to search by. */
  static isFor({ options, memory }: HnswGraph, stored: StoredEngineState, count: number): boolean {
    const codes = memory.regions.has('codes') && memory.regions.has('rows');
    return codes && stored.readNow !== undefined && options.threads === 1 && count >= WORTH_IT;
  }

  /** Brings the rows of some nodes. @throws what reading the others has failed with */
  fetch(nodes: Iterable<number>): void {
    this.#check();
    const { memory, rowShape } = this.#graph;
    const { stride } = rowShape;
    const { u8 } = memory.views;
    const begin = memory.at('rows');
    for (const node of nodes) {
      const at = node * stride;
      this.#stored.readNow!('rows', at, u8.subarray(begin + at, begin + at + stride));
    }
  }

  /** Brings all rows at once. */
  fetchAll(): void {
    this.#check();
    this.#stored.readNow!('rows', 0, this.#graph.memory.section('rows', this.#graph.count));
  }
  #check(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
