import { SimileError } from '@simile/core/errors';
import { inUse } from './store-error.ts';

/**
 * Keeps other tabs and workers of this origin away from a store. The browser lets go when this one ends, however it ends.
 * Gives what releases it.
 *
 * @throws `ERR_STATE` while another has it; `ERR_BACKEND` where there are no locks
 */
export async function acquireTabLock(target: string): Promise<() => Promise<void>> {
  const { locks } = globalThis.navigator;
  if (!locks) {
    throw new SimileError({
      where: 'open-index',
      rule: 'changes need navigator.locks, which pages have on https and localhost',
      remedy: 'Serve the page over https, or open the index with readOnly.',
      code: 'ERR_BACKEND',
    });
  }
  return new Promise((resolve, reject) => {
    const released: Promise<unknown> = locks.request(`simile ${target}`, { ifAvailable: true }, (lock) => {
      if (!lock) throw inUse(target, 'another tab, worker or index');
      return new Promise<void>((release) => {
        resolve(async () => {
          release();
          await released;
        });
      });
    });
    released.catch(reject);
  });
}
