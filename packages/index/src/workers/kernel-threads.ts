import type { GrowingMemory } from '../kernel/growing-memory.ts';
import type { Kernel } from '../kernel/load-kernel.ts';
import { KernelPool, type KernelWork } from './kernel-pool.ts';

/** A kernel, and how many threads are to run it on one memory. */
export interface ThreadedKernel extends Kernel {
  /** The calling thread included. */
  readonly threads: number;
  /** Script of the workers, for pages that allow none made from text. */
  readonly workerUrl: URL | undefined;
}

/** Runs a kernel's work on the threads there are: at once on this one where there is no other. */
export class KernelThreads<Exports> {
  readonly count: number;
  readonly #memory: GrowingMemory<Exports>;
  readonly #contexts: readonly number[];
  readonly #pool: KernelPool | undefined;

  /** @param contexts Address of what each thread has to itself, one a thread */
  constructor(
    where: string,
    memory: GrowingMemory<Exports>,
    contexts: readonly number[],
    { module, workerUrl }: Pick<ThreadedKernel, 'module' | 'workerUrl'>,
  ) {
    this.#memory = memory;
    this.#contexts = contexts;
    this.count = contexts.length;
    if (this.count > 1) this.#pool = new KernelPool({ where, module, memory: memory.memory, contexts, workerUrl });
  }

  /** Does all of it now, as one chunk or part, or gives a promise where other threads take part. */
  run(name: keyof Exports & string, args: readonly number[], work: KernelWork): void | Promise<void> {
    if (this.#pool) return this.#pool.run(name, args, work);
    const call = this.#memory.exports[name] as (...numbers: number[]) => void;
    if (work.parts === undefined) call(this.#contexts[0]!, 0, work.count, ...args);
    else call(this.#contexts[0]!, 0, 1, ...args);
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }
}
