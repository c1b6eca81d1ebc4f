import { checkAborted, SimileError } from '@simile/core/errors';

/** Runs jobs one after another, in order; so many may wait and no more. */
export class JobQueue {
  readonly #where: string;
  readonly #most: number;
  readonly #waiting: { start: () => void; refuse: (error: Error) => void }[] = [];
  #running = false;
  #closed: Error | undefined;

  constructor(where: string, most: number) {
    this.#where = where;
    this.#most = most;
  }

  /** Jobs that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Runs `job` when those before it have ended.
   *
   * @throws `ERR_STATE` when too many wait, or after {@link close}; `ERR_ABORTED`, also while it waits
   */
  async run<T>(job: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    checkAborted(this.#where, signal);
    this.checkOpen();
    if (this.#running) await this.#turn(signal);
    this.#running = true;
    try {
      return await job();
    } finally {
      this.#running = false;
      this.#waiting.shift()?.start();
    }
  }

  /** @throws `ERR_STATE` after {@link close} */
  checkOpen(): void {
    if (this.#closed) throw this.#closed;
  }

  /** Refuses all that wait and all to come. What runs goes on. */
  close(): void {
    const remedy = 'Make a new one.';
    const rule = 'nothing may be called after close';
    this.#closed ??= new SimileError({ where: this.#where, rule, remedy, code: 'ERR_STATE' });
    for (const { refuse } of this.#waiting.splice(0)) refuse(this.#closed);
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.length >= this.#most) {
      throw new SimileError({
        where: this.#where,
        rule: `at most ${this.#most} calls may wait`,
        remedy: 'Await some of the calls before making more, or put their rows into one call.',
        code: 'ERR_STATE',
      });
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        try {
          checkAborted(this.#where, signal);
        } catch (error) {
          reject(error as Error);
        }
      };
      const settle = <A extends unknown[]>(act: (...values: A) => void) => {
        return (...values: A): void => {
          signal?.removeEventListener('abort', leave);
          act(...values);
        };
      };
      const start = settle(() => {
        this.#running = true; // nothing may come between
        resolve();
      });
      const entry = { start, refuse: settle(reject) };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(entry);
    });
  }
}
