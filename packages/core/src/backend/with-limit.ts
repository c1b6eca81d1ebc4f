import { checkAborted } from '../errors.ts';

/**
 * The promise's result, or an error once `milliseconds` have gone by or the signal is aborted, whichever is first. The
 * work itself goes on: a promise cannot be stopped.
 *
 * @throws an `Error` that names `what`; `ERR_ABORTED`
 */
export async function withLimit<T>(
  work: Promise<T>,
  milliseconds: number,
  what: string,
  signal?: AbortSignal,
): Promise<T> {
  checkAborted(what, signal);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not answer within ${milliseconds / 1000} s`)), milliseconds);
    stop = () => {
      try {
        checkAborted(what, signal);
      } catch (error) {
        reject(error);
      }
    };
    signal?.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    if (stop) signal?.removeEventListener('abort', stop);
  }
}
