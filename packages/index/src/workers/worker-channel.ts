import { SimileError } from '@simile/core/errors';
import type { Progress, StoredEngineState } from '../contract.ts';
import {
  buffersOf,
  errorMessage,
  errorOf,
  type EngineRequest,
  type EngineResult,
  type EngineStatus,
  type FromWorker,
  type ToWorker,
} from './engine-messages.ts';
import { JobQueue } from './job-queue.ts';
import type { SpawnedWorker, WorkerEars } from './spawn-worker.ts';

/** Requests a worker holds at a time; the rows of others are not copied yet. */
const AT_ONCE = 4;

/** What goes with a request. */
export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

interface Pending extends AskOptions {
  readonly resolve: (result: EngineResult) => void;
  readonly reject: (error: Error) => void;
}

/** Requests to an engine in a worker, and their answers. */
export class WorkerChannel {
  readonly #worker: SpawnedWorker;
  readonly #queue: JobQueue;
  readonly #pending = new Map<number, Pending>();
  readonly #restore: StoredEngineState | undefined;
  #last = 0;
  #gone: Error | undefined;
  /** As the last answer told. */
  status: EngineStatus | undefined;

  /** @param restore Where the sections are that the engine goes on from, at whatever time it asks for them */
  constructor(start: (ears: WorkerEars) => SpawnedWorker, queue: number, restore: StoredEngineState | undefined) {
    this.#restore = restore;
    this.#queue = new JobQueue('worker-engine', queue, AT_ONCE);
    this.#worker = start({
      message: (data) => void this.#hear(data as FromWorker),
      gone: (reason) => this.#end(reason),
    });
  }

  /**
   * Asks when there is room. What the request holds is given away.
   *
   * @throws What the engine throws; `ERR_STATE` when too many wait or after `close`; `ERR_BACKEND` when the worker is gone
   */
  ask(request: () => EngineRequest, options: AskOptions = {}): Promise<EngineResult> {
    return this.#queue.run(() => this.#post(request(), options), options.signal);
  }

  /** Ends the worker, once it has ended the engine. */
  async close(): Promise<void> {
    this.#queue.close();
    if (this.#gone) return;
    await this.#post({ call: 'close' }, {}).catch(() => {});
    this.#end('the engine was closed');
  }

  #post(request: EngineRequest, options: AskOptions): Promise<EngineResult> {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = ++this.#last;
    const abort = (): void => this.#send({ id, abort: true });
    const result = new Promise<EngineResult>((resolve, reject) => {
      this.#pending.set(id, { ...options, resolve, reject });
      this.#worker.hold(true);
      this.#send({ id, request }, buffersOf(request));
      options.signal?.addEventListener('abort', abort, { once: true });
    });
    return result.finally(() => {
      options.signal?.removeEventListener('abort', abort);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#worker.hold(false);
    });
  }

  async #hear(message: FromWorker): Promise<void> {
    if ('need' in message) return this.#giveSection(message.id, message.need, message.section);
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if ('progress' in message) pending.onProgress?.(message.progress);
    else if ('error' in message) pending.reject(errorOf(message.error));
    else {
      this.status = message.status;
      pending.resolve(message.result);
    }
  }

  async #giveSection(id: number, need: number, name: string): Promise<void> {
    const restore = this.#restore!;
    try {
      const section = new Uint8Array(restore.sizes.get(name) ?? 0);
      await restore.read(name, section);
      this.#send({ id, need, section }, [section.buffer]);
    } catch (error) {
      this.#send({ id, need, sectionError: errorMessage(error) });
    }
  }

  #send(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    if (!this.#gone) this.#worker.post(message, transfer);
  }

  #end(reason: string): void {
    if (this.#gone) return;
    this.#gone = new SimileError({
      where: 'worker-engine',
      rule: `the worker must be there (${reason})`,
      remedy:
        'Make a new index, from its file if there is one. Where a policy lets no script start from a text, pass url.',
      code: 'ERR_BACKEND',
    });
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(this.#gone);
  }
}
