import { checkAborted, checkInteger, SimileError } from '@simile/core/errors';
import { JobQueue } from './job-queue.ts';
import { nextTurn } from './next-turn.ts';
import { spawnWorker, type SpawnedWorker } from './spawn-worker.ts';
import { threadCode } from './thread-code.ts';
import { ARGS, threadControl, threadWord, WORDS, type ThreadControl } from './thread-control.ts';
import { mayBlock, threadSupport } from './thread-support.ts';

/** Milliseconds of work after which the calling thread lets its event loop have a turn. */
const TURN = 8;

/** What a {@link KernelPool} is made of. */
export interface KernelPoolOptions {
  /** Who speaks in errors: `hnsw-engine`. */
  readonly where: string;
  readonly module: WebAssembly.Module;
  /** Of the kind that the module takes; workers need a shared one. */
  readonly memory: WebAssembly.Memory;
  /** Address of each thread's own context, the calling thread's first; read anew by every run. One a thread. */
  readonly contexts: readonly number[];
  /** Script of the workers, for pages whose policy allows none from texts: `@simile/index/workers/thread.js`. */
  readonly workerUrl?: URL | undefined;
  /** Runs that may wait for their turn. Default 1024. */
  readonly queue?: number;
}

/** Work to deal out: `count` things in chunks, or so many parts. */
export type KernelWork = (
  | { readonly count: number; readonly chunk: number; readonly parts?: never }
  | { readonly parts: number; readonly count?: never; readonly chunk?: never }
) & {
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how many chunks have been taken. */
  readonly onProgress?: ((taken: number, chunks: number) => void) | undefined;
};

type KernelFunction = (...numbers: number[]) => void;

/**
 * Threads that run exports of one kernel over one memory. The calling thread works too, except in a page, whose main thread
 * must stay free: there all of them are workers. Workers begin with the first run that has more than one chunk, and join
 * when they are up; no run waits for one that is not. Without a shared memory, or where workers do not start, the calling
 * thread does it all.
 */
export class KernelPool {
  /** The kernel as this thread has it. */
  readonly exports: Readonly<Record<string, KernelFunction>>;
  readonly #options: KernelPoolOptions;
  readonly #control: ThreadControl;
  readonly #queue: JobQueue;
  readonly #names: readonly string[];
  /** By thread; undefined for the calling one and for those that are gone. */
  #workers: (SpawnedWorker | undefined)[] = [];
  #started = false;
  /** Whether this thread takes chunks and may wait for the others. */
  readonly #blocks: boolean;
  #wake: () => void = () => {};
  /** Milliseconds since the event loop had a turn, over many short runs too: workers may need one to start. */
  #worked = 0;
  #stop: (() => void) | undefined;
  /** Whether the run under way was stopped by `close`. */
  #cut = false;

  constructor(options: KernelPoolOptions) {
    const { where, module, memory, contexts, queue = 1024 } = options;
    checkInteger(where, { threads: contexts.length }, 1);
    checkInteger(where, { queue }, 0);
    this.#options = options;
    const shared = contexts.length > 1 && threadSupport().available && !(memory.buffer instanceof ArrayBuffer);
    this.#blocks = !shared || mayBlock();
    this.#started = !shared; // nothing to start
    this.#control = threadControl(contexts.length, shared);
    this.#queue = new JobQueue(where, queue);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    this.exports = exports as Readonly<Record<string, KernelFunction>>;
    this.#names = Object.keys(exports);
  }

  /** Threads that take part in a run, workers that are still starting included. */
  get threads(): number {
    if (!this.#started) return this.#options.contexts.length;
    const workers = this.#workers.filter(Boolean).length;
    return this.#blocks ? workers + 1 : Math.max(1, workers);
  }

  /**
   * Calls an export of the kernel until all is done: `export(context, begin, end, …args)` for every chunk of `count`, or
   * `export(context, part, parts, …args)` for every part, each once, in no particular order, on any thread.
   *
   * @param args Numbers, at most 16
   * @throws `ERR_ABORTED` by the signal, looked at between chunks; `ERR_BACKEND` when the kernel traps or a worker dies;
   *   `ERR_STATE` when too many runs wait, or after {@link close}. Chunks that were begun are done then.
   */
  run(name: string, args: readonly number[], work: KernelWork): Promise<void> {
    return this.#queue.run(() => this.#run(name, args, work), work.signal);
  }

  /** Ends the workers; a run that is under way stops at its next chunk. */
  async close(): Promise<void> {
    this.#queue.close();
    this.#cut = this.#stop !== undefined;
    this.#stop?.();
    while (this.#stop) await nextTurn();
    for (const worker of this.#workers.splice(0)) worker?.terminate();
    this.#started = true;
  }

  async #run(name: string, args: readonly number[], work: KernelWork): Promise<void> {
    const { where, contexts } = this.#options;
    const { words } = this.#control;
    checkAborted(where, work.signal);
    const chunks = work.parts ?? Math.ceil(work.count! / work.chunk!);
    this.#write(name, args, work, chunks);
    contexts.forEach((context, thread) => (words[threadWord(thread, 'context')] = context));
    if (!this.#started && (chunks > 1 || !this.#blocks)) this.#start();
    this.#stop = () => {
      Atomics.store(words, WORDS.next, chunks);
      this.#wake();
    };
    work.signal?.addEventListener('abort', this.#stop);
    Atomics.add(words, WORDS.job, 1); // open
    if (this.#workers.length > 0 && (chunks > 1 || !this.#blocks)) Atomics.notify(words, WORDS.job);
    try {
      await this.#takePart(name, args, work, chunks);
    } finally {
      Atomics.add(words, WORDS.job, 1); // closed
      await this.#othersDone();
      work.signal?.removeEventListener('abort', this.#stop);
      this.#stop = undefined;
    }
    if (Atomics.load(words, WORDS.failed) === 1) throw this.#failure(name);
    checkAborted(where, work.signal);
    if (this.#cut) this.#queue.checkOpen();
  }

  #write(name: string, args: readonly number[], { parts = 0, count = 0, chunk = 0 }: KernelWork, chunks: number): void {
    const { where } = this.#options;
    const { words } = this.#control;
    const exportAt = this.#names.indexOf(name);
    if (typeof this.exports[name] !== 'function' || args.length > ARGS.most) {
      const rule = `a run must name an export of the kernel and have at most ${ARGS.most} arguments`;
      const remedy = `Exports are ${this.#names.join(', ')}.`;
      throw new SimileError({ where, rule, got: name, remedy, code: 'ERR_OPTION' });
    }
    checkInteger(where, { parts, count }, 0);
    if (!Number.isFinite(chunks)) checkInteger(where, { chunk }, 1);
    const job = { chunks, chunk, count, parts, exportAt, args: args.length, failed: 0, next: 0 };
    for (const [word, value] of Object.entries(job)) Atomics.store(words, WORDS[word as keyof typeof job], value);
    this.#control.args.set(args);
  }

  /** Works where this thread may; else waits until the workers have taken every chunk, or are all gone. */
  async #takePart(name: string, args: readonly number[], work: KernelWork, chunks: number): Promise<void> {
    const { words } = this.#control;
    const taken = (): number => Math.min(chunks, Atomics.load(words, WORDS.next));
    while (!this.#blocks && taken() < chunks && this.#workers.some(Boolean)) {
      work.onProgress?.(taken(), chunks);
      await this.#woken();
    }
    const call = this.exports[name]!;
    const context = this.#options.contexts[0]!;
    for (let since = performance.now(); ; since = performance.now()) {
      const at = Atomics.add(words, WORDS.next, 1);
      if (at >= chunks) return;
      try {
        if (work.parts) call(context, at, work.parts, ...args);
        else call(context, at * work.chunk!, Math.min(work.count!, (at + 1) * work.chunk!), ...args);
      } catch (error) {
        this.#fail(String(error));
      }
      this.#worked += performance.now() - since;
      if (this.#worked < TURN) continue;
      this.#worked = 0;
      work.onProgress?.(taken(), chunks);
      await nextTurn();
    }
  }

  /** Until no thread is within a chunk. */
  async #othersDone(): Promise<void> {
    const { words } = this.#control;
    for (let thread = 0; thread < this.#workers.length; thread++) {
      const active = threadWord(thread, 'active');
      while (Atomics.load(words, active) === 1) {
        if (!this.#blocks) await this.#woken();
        // Short, so that the loop turns: a worker that has died says so there.
        else if (Atomics.wait(words, active, 1, 1) === 'timed-out') await nextTurn();
      }
    }
  }

  /** Until a worker has been idle, or is gone, or the signal was aborted. */
  #woken(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #start(): void {
    this.#started = true;
    const { module, memory, contexts, workerUrl } = this.#options;
    const control = this.#control.buffer;
    const pool = new WeakRef(this); // a pool that nobody holds must end
    this.#workers = contexts.map((_, thread) => {
      if (this.#blocks && thread === 0) return undefined;
      const gone = (): void => {
        const owner = pool.deref();
        if (owner) owner.#gone(thread);
      };
      const message = (data: unknown): void => {
        if ((data as { gone?: string }).gone !== undefined) gone();
        const owner = pool.deref();
        if (owner) owner.#wake();
      };
      try {
        const worker = spawnWorker(workerUrl ?? threadCode, { message, gone });
        worker.post({ module, memory, control, thread, tell: !this.#blocks });
        return worker;
      } catch {
        return undefined; // a policy that throws at once
      }
    });
    forgotten.register(this, this.#workers);
  }

  /** A worker has ended by itself. One that was within a chunk leaves it half done. */
  #gone(thread: number): void {
    const worker = this.#workers[thread];
    if (!worker) return;
    worker.terminate();
    this.#workers[thread] = undefined;
    const { words } = this.#control;
    if (Atomics.exchange(words, threadWord(thread, 'active'), 0) === 1) this.#fail('a worker ended within a chunk');
    this.#wake();
  }

  #fail(reason: string): void {
    const { words, text } = this.#control;
    if (Atomics.compareExchange(words, WORDS.failed, 0, 1) === 0) {
      const letters = reason.slice(0, text.length - 1);
      text[0] = letters.length;
      for (let i = 0; i < letters.length; i++) text[i + 1] = letters.charCodeAt(i);
    }
    this.#stop?.();
  }

  #failure(name: string): SimileError {
    const { text } = this.#control;
    return new SimileError({
      where: this.#options.where,
      rule: `the kernel must get through ${name} (${String.fromCharCode(...text.subarray(1, 1 + text[0]!))})`,
      remedy: 'What it worked on may be half done: make the index anew, from its file if there is one.',
      code: 'ERR_BACKEND',
    });
  }
}

/** Ends the workers of pools that nobody holds any more. */
const forgotten = /* @__PURE__ */ new FinalizationRegistry((workers: (SpawnedWorker | undefined)[]) => {
  for (const worker of workers) worker?.terminate();
});
