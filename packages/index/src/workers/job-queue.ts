import { checkAborted, SimileError } from '@simile/core/errors';

/** Runs so many jobs at once, in order; so many may wait and no more. */
export class JobQueue {
  readonly #where: string;
  readonly #most: number;
  readonly #atOnce: number;
  readonly #waiting: { start: () => void; refuse: (error: Error) => void }[] = [];
  #running = 0;
  #closed: Error | undefined;

  constructor(where: string, most: number, atOnce = 1) {
    this.#where = where;
    this.#most = most;
    this.#atOnce = atOnce;
  }

  /** Whether a job would have to wait. */
  get busy(): boolean {
    return this.#running >= this.#atOnce;
  }

  /**
   * Runs `job` when enough of those before it have ended.
   *
   * @throws `ERR_STATE` when too many wait, or after {@link close}; `ERR_ABORTED`, also while it waits
   */
  async run<T>(job: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    checkAborted(this.#where, signal);
    this.checkOpen();
    if (this.busy) await this.#turn(signal);
    else this.#running++;
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#running--;
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
      const entry = { start: settle(resolve), refuse: settle(reject) };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(entry);
    });
  }
}
