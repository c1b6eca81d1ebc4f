import type { LatencySummary } from './contract.ts';

const CALLS = 1000;

/** Times of the last {@link CALLS} lookups. */
export class LatencyWindow {
  /** Queries answered since it was made. */
  queries = 0;
  readonly #times: number[] = [];
  #next = 0;

  /** Notes a call that answered some queries. */
  add(milliseconds: number, queries: number): void {
    if (queries === 0) return;
    this.queries += queries;
    this.#times[this.#next] = milliseconds / queries;
    this.#next = (this.#next + 1) % CALLS;
  }

  summary(): LatencySummary | undefined {
    const sorted = this.#times.toSorted((a, b) => a - b);
    const count = sorted.length;
    if (count === 0) return undefined;
    const middle = (sorted[(count - 1) >> 1]! + sorted[count >> 1]!) / 2;
    const mean = sorted.reduce((sum, time) => sum + time, 0) / count;
    return { min: sorted[0]!, mean, median: middle, max: sorted[count - 1]! };
  }
}
