import type { EngineHits, IndexSummary, SearchOptions, Vectors } from './contract.ts';
import { LatencyWindow } from './latency-window.ts';
import type { EngineRecords } from './records/engine-records.ts';
import { FilterBits } from './records/filter-bits.ts';
import { readVectors } from './records/read-vectors.ts';
import type { RecordStore } from './records/record-store.ts';
import { searchAll } from './search-all.ts';
import { checkNotEmpty, effortWithin } from './search-options.ts';

/** Makes what was asked for of what the engine found. */
export type UseHits<T> = (store: RecordStore, hits: EngineHits) => T;

/** Searches of one index: filters kept from one to the next, and their times. */
export class Searches {
  readonly #latency = new LatencyWindow();
  readonly #filters = new FilterBits();

  /** Answers at once, without a promise, where the engine does. @throws `ERR_STATE`, `ERR_SHAPE`, `ERR_NAN`, `ERR_OPTION` */
  answer<T>(
    { store, engine, dimension }: EngineRecords,
    vectors: Vectors,
    options: SearchOptions,
    use: UseHits<T>,
  ): T | Promise<T> {
    const { k = 5, radius = Infinity, filter, effort, signal } = options;
    checkNotEmpty(store.size);
    const { data, count } = readVectors('index.search', vectors, dimension);
    const begin = performance.now();
    const wanted = {
      k: k < store.size ? k : store.size,
      radius,
      allowed: filter === undefined ? undefined : this.#filters.bits(store, filter),
      effort: effortWithin(engine!.effort, effort),
      signal,
    };
    const hits = k === Infinity ? searchAll(engine!, data, dimension!, wanted) : engine!.search(data, wanted);
    const finish = (found: EngineHits): T => {
      const result = use(store, found);
      this.#latency.add(performance.now() - begin, count);
      return result;
    };
    return hits instanceof Promise ? hits.then(finish) : finish(hits);
  }

  summary(): Pick<IndexSummary, 'lookups' | 'latency'> {
    return { lookups: this.#latency.queries, latency: this.#latency.summary() };
  }
}
