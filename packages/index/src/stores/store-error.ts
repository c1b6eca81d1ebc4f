import { SimileError } from '@simile/core/errors';
import { storageError } from '@simile/core/storage';
import type { Store } from './store.ts';

/** A store whose errors are ours: what the platform throws becomes the cause of an `ERR_FILE` that says what to do. */
export function withErrors(store: Store): Store {
  const { target } = store;
  const reading = <T>(work: () => Promise<T>): Promise<T> => tell(work, `${target} must be readable`);
  const writing = <T>(work: () => Promise<T>): Promise<T> => tell(work, `${target} must be writable`);
  return {
    target,
    size: (file) => reading(() => store.size(file)),
    read: (file, at, into) => reading(() => store.read(file, at, into)),
    readNow: store.readNow && ((file, at, into) => store.readNow!(file, at, into)),
    replace: (file, parts) => writing(() => store.replace(file, parts)),
    append: (file, at, parts) => writing(() => store.append(file, at, parts)),
    sync: (file) => writing(() => store.sync(file)),
    cut: (file, size) => writing(() => store.cut(file, size)),
    refresh: () => reading(() => store.refresh()),
    lock: () => writing(() => store.lock()),
    close: () => writing(() => store.close()),
  };
}

async function tell<T>(work: () => Promise<T>, rule: string): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw SimileError.is(cause) ? cause : storageError('index', rule, cause);
  }
}

/** An `ERR_STATE` for a store that someone else has open. */
export function inUse(target: string, owner: string): SimileError {
  return new SimileError({
    where: 'open-index',
    rule: `${target} must not be open elsewhere`,
    got: owner,
    remedy: 'Close it there, or open it with readOnly.',
    code: 'ERR_STATE',
  });
}
