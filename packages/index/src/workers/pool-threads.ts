import { nextTurn } from './next-turn.ts';
import { spawnWorker, type SpawnedWorker } from './spawn-worker.ts';
import { threadCode } from './thread-code.ts';
import { noteFailure, threadWord, type ThreadControl } from './thread-control.ts';

/** What the threads of a pool are made of. */
export interface PoolThreadsOptions {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: ThreadControl;
  /** Numbers of the threads that are workers. */
  readonly threads: readonly number[];
  /** Whether the owner may be blocked for a moment; else workers tell it by messages. */
  readonly blocks: boolean;
  readonly workerUrl: URL | undefined;
}

/** The workers of a pool. */
export class PoolThreads {
  readonly #options: PoolThreadsOptions;
  /** By thread; undefined for those that are gone, and before the start. */
  readonly #workers: (SpawnedWorker | undefined)[] = [];
  #started = false;
  #wake: () => void = () => {};

  constructor(options: PoolThreadsOptions) {
    this.#options = options;
  }

  /** Workers that are there or may still come. */
  get count(): number {
    return this.#started ? this.#workers.filter(Boolean).length : this.#options.threads.length;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const thread of this.#options.threads) this.#workers[thread] = this.#spawn(thread);
    forgotten.register(this, this.#workers);
  }

  /** Until a worker has been idle or is gone, or {@link wake}. */
  woken(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  wake(): void {
    this.#wake();
  }

  /** Until no worker is within a chunk. */
  async allIdle(): Promise<void> {
    const { control, blocks, threads } = this.#options;
    for (const thread of threads) {
      const active = threadWord(thread, 'active');
      while (Atomics.load(control.words, active) === 1) {
        if (!blocks) await this.woken();
        // Short, so that the loop turns: a worker that has died says so there.
        else if (Atomics.wait(control.words, active, 1, 1) === 'timed-out') await nextTurn();
      }
    }
  }

  terminate(): void {
    this.#started = true;
    for (const worker of this.#workers.splice(0)) worker?.terminate();
  }

  #spawn(thread: number): SpawnedWorker | undefined {
    const { module, memory, control, blocks, workerUrl } = this.#options;
    const weak = new WeakRef(this); // a pool that nobody holds must end
    const gone = (): void => {
      const owner = weak.deref();
      if (owner) owner.#gone(thread);
    };
    const message = (data: unknown): void => {
      if ((data as { gone?: string }).gone !== undefined) gone();
      else weak.deref()?.wake();
    };
    try {
      const worker = spawnWorker(workerUrl ?? threadCode, { message, gone });
      worker.post({ module, memory, control: control.buffer, thread, tell: !blocks });
      return worker;
    } catch {
      return undefined; // a policy that throws at once
    }
  }

  /** A worker has ended by itself. One that was within a chunk leaves it half done. */
  #gone(thread: number): void {
    const worker = this.#workers[thread];
    if (!worker) return;
    worker.terminate();
    this.#workers[thread] = undefined;
    const { control } = this.#options;
    if (Atomics.exchange(control.words, threadWord(thread, 'active'), 0) === 1) {
      noteFailure(control, 'a worker ended within a chunk');
    }
    this.#wake();
  }
}

/** Ends the workers of pools that nobody holds any more. */
const forgotten = /* @__PURE__ */ new FinalizationRegistry((workers: (SpawnedWorker | undefined)[]) => {
  for (const worker of workers) worker?.terminate();
});
