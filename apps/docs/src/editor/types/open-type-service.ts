import { releaseProxy, wrap, type Remote } from 'comlink';
import type { TypeService } from './type-service.ts';
import type { TypeWorker } from './type-worker.ts';

/** A type service in the worker, for one program. */
export interface OpenTypeService {
  readonly service: Remote<TypeService>;
  /** Gives the service back; the worker ends with the last one. */
  close(): void;
}

interface Running {
  readonly worker: Worker;
  readonly loaded: Promise<Remote<TypeWorker>>;
  users: number;
}
let running: Running | undefined;

/**
 * Opens a type service, in the one worker that all editors of a page share; starts it where there is none.
 *
 * @param address Of the declarations.
 * @throws when the worker or the declarations cannot be loaded; the next call tries again.
 */
export async function openTypeService(address: string): Promise<OpenTypeService> {
  const user = (running ??= start(address));
  user.users += 1;
  const leave = (): void => {
    user.users -= 1;
    if (user.users > 0) return;
    user.worker.terminate();
    if (running === user) running = undefined;
  };
  try {
    const remote = await user.loaded;
    const service = (await remote.open()) as unknown as Remote<TypeService>;
    const close = (): void => {
      service[releaseProxy]();
      leave();
    };
    return { service, close };
  } catch (error) {
    leave();
    throw error;
  }
}

function start(address: string): Running {
  const worker = new Worker(new URL('./type-worker.ts', import.meta.url), { type: 'module', name: 'types' });
  const remote = wrap<TypeWorker>(worker);
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the worker did not start')));
  });
  return { worker, users: 0, loaded: Promise.race([remote.load(address).then(() => remote), failed]) };
}
