import type { KernelThreads } from '../workers/kernel-threads.ts';

/**
 * What assembly/hnsw.ts exports; addresses are those of structs in assembly/hnsw/structs.ts. Those that take a range or a part are as
 * KernelPool calls them.
 */
export interface HnswExports {
  readonly sumVectors: Ranged<[graph: number, vectors: number, sums: number]>;
  readonly encodeBatch: Ranged<[graph: number, vectors: number]>;
  readonly encodeAgain: Ranged<[graph: number, oldMean: number]>;
  readonly findLinks: Ranged<[graph: number]>;
  readonly linkBack: (context: number, part: number, parts: number, graph: number, size: number) => void;
  readonly repair: Ranged<[graph: number]>;
  readonly searchBatch: Ranged<[graph: number, request: number]>;
  readonly searchAll: Ranged<[graph: number, request: number]>;
  readonly decodeNode: (context: number, node: number, graph: number) => void;
  readonly areLinksValid: (graph: number, upperCount: number) => number;
}

type Ranged<Rest extends readonly number[]> = (context: number, from: number, to: number, ...rest: Rest) => void;

/** The threads that work on a graph. */
export type HnswThreads = KernelThreads<HnswExports>;
