import { checkInteger, checkNames, SimileError } from '@simile/core/errors';
import type { SearchEngineFactory } from '../contract.ts';
import { engineWorkerScript } from './engine-worker-script.ts';
import { adoptWorker, spawnWorker, type SpawnedWorker, type WorkerEars } from './spawn-worker.ts';
import { WorkerChannel } from './worker-channel.ts';
import type { WorkerEngines } from './worker-engines.ts';
import { WorkerSearchEngine } from './worker-search-engine.ts';

/** Options of {@link workerEngine}. */
export interface WorkerEngineOptions<Name extends keyof WorkerEngines = keyof WorkerEngines> {
  /** Engine in the worker, by name. Default `auto`. */
  readonly engine?: Name;
  /** Its options: what can be sent to a worker, so no functions. Default those of the engine. */
  readonly options?: WorkerEngines[Name];
  /**
   * Makes the worker, of the web or of Node, whose script calls `serveEngine`. Default one from a text inside this package.
   */
  readonly worker?: () => unknown;
  /** Address of `@simile/index/workers/engine.js`, for pages whose policy allows no workers from texts. Default none. */
  readonly url?: URL | string;
  /** Calls that may wait for the worker, which holds four at a time. Default 1024. */
  readonly queue?: number;
}

/**
 * An engine in a worker of its own: while it builds and searches, a page stays free and a server answers others. Needs no
 * isolated page. Rows and queries are copied once and moved over; results are moved back.
 *
 * Memory: the rows are held on this side too, 4 bytes a value, so that records can be read without asking.
 *
 * @returns An engine for `createIndex`; `close` of the index ends the worker
 * @throws `ERR_OPTION` for an unknown option. The engine throws what the one in the worker throws, `ERR_STATE` when too many
 *   calls wait, `ERR_BACKEND` when the worker does not start or is gone
 * @example
 * const index = createIndex({ dimension: 2, engine: workerEngine({ engine: 'flat' }) });
 * await index.add(Float32Array.of(1, 0, 0, 1));
 * index.describe().engine; // 'worker with flat (wasm simd)'
 */
export function workerEngine<Name extends keyof WorkerEngines = keyof WorkerEngines>(
  options: WorkerEngineOptions<Name> = {},
): SearchEngineFactory {
  const { options: engineOptions, worker, url, queue = 1024 } = options;
  const { engine = worker ? undefined : 'auto' } = options;
  // As autoEngine has it, whose code is in the worker alone.
  const { recall = engine === 'auto' ? 0.95 : undefined } = (engineOptions ?? {}) as { readonly recall?: number };
  checkNames('worker-engine', options, ['engine', 'options', 'worker', 'url', 'queue']);
  checkInteger('worker-engine', { queue }, 0);
  const start = (ears: WorkerEars): SpawnedWorker =>
    worker
      ? adoptWorker(worker(), ears)
      : spawnWorker(url === undefined ? engineWorkerScript() : new URL(url, globalThis.location?.href), ears);
  const make: SearchEngineFactory = async (own) => {
    const { dimension, metric, restore, slots } = own;
    const channel = new WorkerChannel(start, queue, restore);
    const stored = restore && {
      kind: restore.kind,
      version: restore.version,
      meta: restore.meta,
      sizes: restore.sizes,
    };
    try {
      await channel.ask(() => ({
        call: 'make',
        engine,
        options: engineOptions,
        dimension,
        metric,
        restore: stored,
        slots: slots?.slice(),
      }));
      const made = new WorkerSearchEngine(own, channel);
      if (made.size > 0) await made.fetchRows(slots ?? new Uint32Array());
      return made;
    } catch (error) {
      await channel.close();
      throw asOptionError(error);
    }
  };
  return recall === undefined ? make : Object.assign(make, { recall });
}

/** What cannot be sent is an option that is none for a worker. */
function asOptionError(error: unknown): unknown {
  if ((error as Error | undefined)?.name !== 'DataCloneError') return error;
  return new SimileError({
    where: 'worker-engine',
    rule: `options must be what can be sent to a worker (${(error as Error).message})`,
    remedy: 'Leave functions out, or make the engine in a worker of your own with serveEngine.',
    code: 'ERR_OPTION',
    cause: error,
  });
}
