import { checkInteger, checkNames } from '@simile/core/errors';
import { createRandom } from '@simile/core/random';
import type { EngineHits, EngineSearchOptions, MeasureOptions, SearchEngine } from '../contract.ts';
import type { EngineRecords } from '../records/engine-records.ts';
import { readVectors } from '../records/read-vectors.ts';
import { checkNotEmpty } from '../search-options.ts';
import { sampleQueries } from './sample-queries.ts';

/** Queries with what is true of them, and a way to search for them. */
export interface Trial {
  readonly engine: SearchEngine;
  readonly dimension: number;
  /** `[count × dimension]` */
  readonly queries: Float32Array;
  readonly count: number;
  readonly k: number;
  /** What an engine that may miss is held against; undefined for one that never does. */
  readonly exact: EngineHits | undefined;
  readonly search: (queries: Float32Array, effort?: number) => EngineHits | Promise<EngineHits>;
}

/** @throws `ERR_OPTION` */
export function checkTrialOptions(where: string, options: MeasureOptions, own: string): void {
  checkNames(where, options, ['queries', 'k', 'sample', 'seed', 'signal', own]);
  const { k = 10, sample = 200, seed = 0 } = options;
  checkInteger(where, { k, sample }, 1);
  checkInteger(where, { seed }, 0);
}

/** Queries given or drawn, and their true neighbours. @throws `ERR_STATE` without records; `ERR_SHAPE`, `ERR_NAN` */
export async function makeTrial(where: string, records: EngineRecords, options: MeasureOptions): Promise<Trial> {
  const { k: wanted = 10, sample = 200, seed = 0, signal } = options;
  const { store, dimension = 0 } = records;
  checkNotEmpty(store.size, where);
  const engine = records.engine!;
  const queries = options.queries
    ? readVectors(where, options.queries, dimension).data
    : await sampleQueries(
        { engine, dimension, slots: store.slots() },
        sample,
        createRandom(seed).fork('queries'),
        signal,
      );
  const k = Math.min(wanted, store.size);
  const search = (rows: Float32Array, effort?: number): EngineHits | Promise<EngineHits> =>
    engine.search(rows, { ...fixed, effort });
  const fixed: EngineSearchOptions = { k, radius: Infinity, allowed: undefined, signal };
  const exact = engine.effort && (await engine.searchExact?.(queries, fixed));
  return { engine, dimension, queries, count: queries.length / dimension, k, exact, search };
}
