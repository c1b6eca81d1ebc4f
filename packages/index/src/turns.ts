/** Lets those that wait run, then goes on: what a long write calls between two parts of its work. */
export type Pause = () => Promise<void>;

interface Waiting {
  readonly write: boolean;
  readonly start: () => void;
}

/**
 * Lets reads run beside each other and writes alone, in the order they were asked for. A read that nothing stands in the way
 * of runs at once, inside the call. A long write may pause, which lets the reads run that wait for it alone.
 */
export class Turns {
  readonly #queue: Waiting[] = [];
  #reading = 0;
  #writing = false;
  /** Tells a pausing write that the last read has ended. */
  #idle: (() => void) | undefined;

  /** Runs after every write asked for before, or within the pauses of a long one. */
  read<T>(task: () => T | Promise<T>): T | Promise<T> {
    if (this.#writing || this.#queue.length > 0) {
      return new Promise<void>((start) => {
        this.#queue.push({ write: false, start });
      }).then(() => this.#run(task));
    }
    this.#reading++;
    return this.#run(task);
  }

  /** Runs after every read and write asked for before. */
  async write<T>(task: (pause: Pause) => T | Promise<T>): Promise<T> {
    if (this.#writing || this.#reading > 0 || this.#queue.length > 0) {
      await new Promise<void>((start) => {
        this.#queue.push({ write: true, start });
      });
    }
    this.#writing = true;
    try {
      return await task(() => this.#pause());
    } finally {
      this.#writing = false;
      this.#next();
    }
  }

  #run<T>(task: () => T | Promise<T>): T | Promise<T> {
    let result: T | Promise<T>;
    try {
      result = task();
    } catch (error) {
      this.#readEnded();
      throw error;
    }
    if (!(result instanceof Promise)) {
      this.#readEnded();
      return result;
    }
    return result.finally(() => this.#readEnded());
  }

  #readEnded(): void {
    this.#reading--;
    if (this.#reading > 0) return;
    if (this.#idle) this.#idle();
    else this.#next();
  }

  /** Starts the reads at the head of the queue, or the write there. Those that start count from now on. */
  #next(): void {
    if (this.#writing) return;
    if (this.#startReads() > 0 || this.#reading > 0) return;
    const write = this.#queue.shift();
    if (!write) return;
    this.#writing = true;
    write.start();
  }

  #startReads(): number {
    let count = 0;
    while (this.#queue[0]?.write === false) {
      this.#reading++;
      count++;
      this.#queue.shift()!.start();
    }
    return count;
  }

  async #pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve)); // lets timers, messages and aborts arrive
    if (this.#startReads() === 0) return;
    await new Promise<void>((resolve) => (this.#idle = resolve));
    this.#idle = undefined;
  }
}
