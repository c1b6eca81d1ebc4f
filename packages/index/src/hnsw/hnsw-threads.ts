import type { Kernel } from '../kernel/load-kernel.ts';
import { KernelPool, type KernelWork } from '../workers/kernel-pool.ts';
import type { HnswGraph } from './hnsw-graph.ts';
import type { HnswExports } from './hnsw-kernel.ts';

/** Runs the kernel's work on the threads there are: at once on this one where there is no other. */
export class HnswThreads {
  readonly count: number;
  readonly #graph: HnswGraph;
  readonly #pool: KernelPool | undefined;

  constructor(graph: HnswGraph, kernel: Kernel, workerUrl: URL | undefined) {
    const { contexts, memory } = graph;
    this.#graph = graph;
    this.count = contexts.length;
    if (this.count > 1) {
      const { module } = kernel;
      this.#pool = new KernelPool({ where: 'hnsw-engine', module, memory: memory.memory, contexts, workerUrl });
    }
  }

  /** Does all of it now, or gives a promise where other threads take part. */
  run(name: keyof HnswExports, args: readonly number[], work: KernelWork): void | Promise<void> {
    if (this.#pool) return this.#pool.run(name, args, work);
    const { memory, contexts } = this.#graph;
    const call = memory.exports[name] as (...numbers: number[]) => void;
    if (work.parts === undefined) call(contexts[0]!, 0, work.count, ...args);
    else call(contexts[0]!, 0, 1, ...args);
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }
}
