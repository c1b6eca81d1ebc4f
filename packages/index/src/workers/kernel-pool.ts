import { checkAborted, checkInteger, SimileError } from '@simile/core/errors';
import { JobQueue } from './job-queue.ts';
import type { KernelWork } from './kernel-work.ts';
import { nextTurn } from './next-turn.ts';
import { PoolThreads } from './pool-threads.ts';
import {
  ARGS,
  failureOf,
  noteFailure,
  takeNoMore,
  threadControl,
  threadWord,
  WORDS,
  type ThreadControl,
} from './thread-control.ts';
import { mayBlock, threadSupport } from './thread-support.ts';

export type { KernelWork } from './kernel-work.ts';

/** Milliseconds of work after which the calling thread lets its event loop have a turn. */
const TURN = 8;

/** What a {@link KernelPool} is made of. */
export interface KernelPoolOptions {
  /** Who speaks in errors: `hnsw-engine`. */
  readonly where: string;
  readonly module: WebAssembly.Module;
  /** Of the kind that the module takes; workers need a shared one. */
  readonly memory: WebAssembly.Memory;
  /** Address of each thread's own context, the calling thread's first, which no worker touches; read anew by every run. */
  readonly contexts: readonly number[];
  /** Script of the workers, for pages whose policy allows none from texts: `@simile/index/workers/thread.js`. */
  readonly workerUrl?: URL | undefined;
  /** Runs that may wait for their turn. Default 1024. */
  readonly queue?: number;
}

type KernelFunction = (...numbers: number[]) => void;

/**
 * Threads that run exports of one kernel over one memory. The calling thread works too, except in a page, whose main thread
 * must stay free: there only the workers do. Workers begin with the first run that has more than one chunk, and join
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
  readonly #workers: PoolThreads;
  /** Whether this thread takes chunks and may wait for the others. */
  readonly #blocks: boolean;
  /** Milliseconds since the event loop had a turn, over many short runs too: workers may need one to start. */
  #worked = 0;
  #stop: (() => void) | undefined;
  /** Whether the run under way was stopped by `close`. */
  #cut = false;

  constructor(options: KernelPoolOptions) {
    const { where, module, memory, contexts, workerUrl, queue = 1024 } = options;
    checkInteger(where, { threads: contexts.length }, 1);
    checkInteger(where, { queue }, 0);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const shared = contexts.length > 1 && threadSupport().available && !(memory.buffer instanceof ArrayBuffer);
    const blocks = !shared || mayBlock();
    const control = threadControl(contexts.length, shared);
    const threads = shared ? Array.from(contexts.keys()).slice(1) : [];
    this.exports = exports as Readonly<Record<string, KernelFunction>>;
    this.#options = options;
    this.#control = control;
    this.#queue = new JobQueue(where, queue);
    this.#names = Object.keys(exports);
    this.#workers = new PoolThreads({ module, memory, control, threads, blocks, workerUrl });
    this.#blocks = blocks;
  }

  /** Threads that take part in a run, workers that are still starting included. */
  get threads(): number {
    return this.#blocks ? this.#workers.count + 1 : Math.max(1, this.#workers.count);
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
    this.#workers.terminate();
  }

  async #run(name: string, args: readonly number[], work: KernelWork): Promise<void> {
    const { where, contexts } = this.#options;
    const { words } = this.#control;
    checkAborted(where, work.signal);
    const chunks = this.#write(name, args, work);
    contexts.forEach((context, thread) => (words[threadWord(thread, 'context')] = context));
    this.#stop = () => {
      takeNoMore(this.#control);
      this.#workers.wake();
    };
    work.signal?.addEventListener('abort', this.#stop);
    Atomics.add(words, WORDS.job, 1); // open
    if (chunks > 1 || !this.#blocks) {
      this.#workers.start();
      Atomics.notify(words, WORDS.job);
    }
    try {
      await this.#takePart(name, args, work, chunks);
    } finally {
      Atomics.add(words, WORDS.job, 1); // closed
      await this.#workers.allIdle();
      work.signal?.removeEventListener('abort', this.#stop);
      this.#stop = undefined;
    }
    const failure = failureOf(this.#control);
    if (failure !== undefined) throw failed(where, name, failure);
    checkAborted(where, work.signal);
    if (this.#cut) this.#queue.checkOpen();
  }

  /** Writes the job down for all threads. Returns its chunks. */
  #write(name: string, args: readonly number[], work: KernelWork): number {
    const { where } = this.#options;
    const { words } = this.#control;
    const { parts = 0, count = 0, chunk = 0 } = work;
    const exportAt = this.#names.indexOf(name);
    if (typeof this.exports[name] !== 'function' || args.length > ARGS.most) {
      const rule = `a run must name an export of the kernel and have at most ${ARGS.most} arguments`;
      const remedy = `Exports are ${this.#names.join(', ')}.`;
      throw new SimileError({ where, rule, got: name, remedy, code: 'ERR_OPTION' });
    }
    checkInteger(where, { parts, count }, 0);
    if (work.parts === undefined) checkInteger(where, { chunk }, 1);
    const chunks = work.parts ?? Math.ceil(count / chunk);
    const job = { chunks, chunk, count, parts, exportAt, args: args.length, failed: 0, next: 0 };
    for (const [word, value] of Object.entries(job)) Atomics.store(words, WORDS[word as keyof typeof job], value);
    this.#control.args.set(args);
    return chunks;
  }

  /** Works where this thread may; else waits until the workers have taken every chunk, or are all gone. */
  async #takePart(name: string, args: readonly number[], work: KernelWork, chunks: number): Promise<void> {
    const { words } = this.#control;
    const taken = (): number => Math.min(chunks, Atomics.load(words, WORDS.next));
    while (!this.#blocks && taken() < chunks && this.#workers.count > 0) {
      work.onProgress?.(taken(), chunks);
      await this.#workers.woken();
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
        noteFailure(this.#control, String(error));
      }
      this.#worked += performance.now() - since;
      if (this.#worked < TURN) continue;
      this.#worked = 0;
      work.onProgress?.(taken(), chunks);
      await nextTurn();
    }
  }
}

function failed(where: string, name: string, reason: string): SimileError {
  return new SimileError({
    where,
    rule: `the kernel must get through ${name} (${reason})`,
    remedy: 'What it worked on may be half done: make the index anew, from its file if there is one.',
    code: 'ERR_BACKEND',
  });
}
