import type { StoredEngineState } from '../contract.ts';
import type { HnswGraph } from './hnsw-graph.ts';

/** Graphs smaller than this are read whole before anything is answered. */
const WORTH_IT = 20_000;

/**
 * Float32 rows of a restored graph that are still being read. Answers go by the codes, and need the rows of a few nodes only:
 * these are fetched one by one until all are there. Until then the memory must not grow, which would move what is written.
 */
export class LateRows {
  /** Through once every row is there, and its checksum right. */
  readonly done: Promise<void>;
  /** Best nodes that a search may keep without more memory. */
  readonly most: number;
  /** What went wrong with `done`. */
  failure: unknown;
  readonly #graph: HnswGraph;
  readonly #readNow: NonNullable<StoredEngineState['readNow']>;

  /** @param into The region of the rows, which is read whole from now on */
  constructor(graph: HnswGraph, stored: StoredEngineState, into: Uint8Array, most: number) {
    this.#graph = graph;
    this.#readNow = stored.readNow!;
    this.most = most;
    this.done = stored.read('rows', into);
    this.done.catch((error: unknown) => (this.failure = error));
  }

  /** Whether rows may come later: the store reads at once what is needed, no other thread does, and codes are there to search by. */
  static isFor({ options, memory }: HnswGraph, stored: StoredEngineState, count: number): boolean {
    const codes = memory.regions.has('codes') && memory.regions.has('rows');
    return codes && stored.readNow !== undefined && options.threads === 1 && count >= WORTH_IT;
  }

  /** Brings the rows of some nodes. @throws what reading the others has failed with */
  fetch(nodes: Iterable<number>): void {
    if (this.failure) throw this.failure;
    const { memory, rowShape } = this.#graph;
    const { stride } = rowShape;
    const { u8 } = memory.views;
    const begin = memory.at('rows');
    for (const node of nodes) {
      const at = node * stride;
      this.#readNow('rows', at, u8.subarray(begin + at, begin + at + stride));
    }
  }

  /** Brings all rows at once. */
  fetchAll(): void {
    if (this.failure) throw this.failure;
    this.#readNow('rows', 0, this.#graph.memory.section('rows', this.#graph.count));
  }
}
