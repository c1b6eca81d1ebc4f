import { nodeModule } from '@simile/core/platform';

/** A worker of Node or of the web, the same to its owner. It never keeps a process alive unless told to. */
export interface SpawnedWorker {
  post(message: unknown, transfer?: ArrayBuffer[]): void;
  /** Whether a process waits for it. */
  hold(held: boolean): void;
  terminate(): void;
}

/** What a worker's owner hears. */
export interface WorkerEars {
  readonly message: (data: unknown) => void;
  /** It did not start, threw, or ended: nothing more will come. */
  readonly gone: (reason: string) => void;
}

type NodeWorkers = typeof import('node:worker_threads');
type EitherWorker = Worker | import('node:worker_threads').Worker;

/**
 * Starts a worker from a self-contained script, or from an address where pages allow no other: a classic script for a
 * text, a module for an address.
 */
export function spawnWorker(script: string | URL, ears: WorkerEars): SpawnedWorker {
  return typeof globalThis.Worker === 'function' ? spawnWebWorker(script, ears) : spawnNodeWorker(script, ears);
}

/** A worker that the caller made, of either kind. */
export function adoptWorker(worker: unknown, ears: WorkerEars): SpawnedWorker {
  const given = worker as EitherWorker;
  return 'addEventListener' in given ? adoptWebWorker(given, ears) : adoptNodeWorker(given, ears);
}

function spawnWebWorker(script: string | URL, ears: WorkerEars): SpawnedWorker {
  if (typeof script !== 'string') return adoptWebWorker(new Worker(script, { type: 'module' }), ears);
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(address);
  const forget = (): void => URL.revokeObjectURL(address);
  // Revoked once it runs: at once would be too early for some browsers.
  worker.addEventListener('message', forget, { once: true });
  worker.addEventListener('error', forget, { once: true });
  return adoptWebWorker(worker, ears);
}

function adoptWebWorker(worker: Worker, ears: WorkerEars): SpawnedWorker {
  worker.addEventListener('message', ({ data }) => ears.message(data));
  worker.addEventListener('messageerror', () => ears.gone('a message could not be read'));
  worker.addEventListener('error', (event) => {
    event.preventDefault?.();
    ears.gone(event.message || 'the page or its policy lets no such worker start');
  });
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    hold: () => {},
    terminate: () => worker.terminate(),
  };
}

function spawnNodeWorker(script: string | URL, ears: WorkerEars): SpawnedWorker {
  const { Worker: NodeWorker } = nodeModule<NodeWorkers>('node:worker_threads')!;
  // Flags of the process (loaders, inspectors) are not for a script that imports nothing.
  const options = typeof script === 'string' ? { eval: true, execArgv: [] } : {};
  return adoptNodeWorker(new NodeWorker(script, options), ears);
}

function adoptNodeWorker(worker: import('node:worker_threads').Worker, ears: WorkerEars): SpawnedWorker {
  worker.on('message', ears.message);
  worker.on('messageerror', () => ears.gone('a message could not be read'));
  worker.on('error', (error) => ears.gone(String((error as Error)?.message ?? error)));
  worker.on('exit', () => ears.gone('the worker ended'));
  worker.unref();
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}
