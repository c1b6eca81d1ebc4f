/** Lets reads run beside each other and writes alone, in the order they were asked for. */
export class Turns {
  #lastWrite: Promise<unknown> = Promise.resolve();
  #reads = new Set<Promise<unknown>>();

  /** Runs after every write asked for before. */
  read<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.#lastWrite.then(task);
    const reads = this.#reads;
    const settled = result.then(ignore, ignore);
    reads.add(settled);
    void settled.finally(() => reads.delete(settled));
    return result;
  }

  /** Runs after every read and write asked for before. */
  write<T>(task: () => T | Promise<T>): Promise<T> {
    const result = Promise.all([this.#lastWrite, ...this.#reads]).then(task);
    this.#lastWrite = result.then(ignore, ignore);
    this.#reads = new Set();
    return result;
  }
}

function ignore(): void {}
