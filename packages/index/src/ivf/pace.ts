import { checkAborted } from '@simile/core/errors';

/** How long to work before others may. */
const MILLISECONDS = 30;

/** Lets timers, messages and aborts arrive now and then during long work. @throws `ERR_ABORTED` */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    checkAborted('index', signal);
  }

  async pause(): Promise<void> {
    if (performance.now() - this.#since < MILLISECONDS) return;
    await new Promise((resolve) => setTimeout(resolve));
    checkAborted('index', this.#signal);
    this.#since = performance.now();
  }
}
