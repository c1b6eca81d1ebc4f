import { SimileError } from '@simile/core/errors';
import { nodeModule } from '@simile/core/platform';
import { buffersOf, type ToWorker } from './engine-messages.ts';
import { ServedEngine, type MakeServed } from './served-engine.ts';

export type { MakeServed } from './served-engine.ts';

/** What a worker hears and speaks through: its `parentPort` in Node, itself elsewhere. */
interface OwnPort {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  start?(): void;
}

/**
 * Makes a worker the place of an engine: to be called once in the worker's script. The page has it by
 * `workerEngine({ worker: () => new Worker(…) })`. For engines of one's own, and for bundles in which the worker shares code
 * with the page; without one, `workerEngine` brings a script with the engines of this package.
 *
 * @param engine Makes the factory of what to serve
 * @throws `ERR_STATE` outside of a worker
 * @example
 * // search.worker.js
 * serveEngine(() => flatEngine());
 */
export function serveEngine(engine: MakeServed): void {
  const port = ownPort();
  const served = new ServedEngine(engine, (message) => {
    port.postMessage(message, 'result' in message && message.result ? buffersOf(message.result) : []);
  });
  port.addEventListener('message', ({ data }) => served.hear(data as ToWorker));
  port.start?.();
}

function ownPort(): OwnPort {
  const node = nodeModule<typeof import('node:worker_threads')>('node:worker_threads');
  if (node?.parentPort) return node.parentPort as unknown as OwnPort;
  const scope = globalThis as unknown as OwnPort & { readonly document?: unknown };
  if (!node && scope.document === undefined && typeof scope.postMessage === 'function') return scope;
  throw new SimileError({
    where: 'serve-engine',
    rule: 'an engine is served by a worker',
    remedy: 'Call it in the script of a worker, and give that to workerEngine.',
    code: 'ERR_STATE',
  });
}
