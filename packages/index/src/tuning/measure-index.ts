import { checkAborted, checkInteger } from '@simile/core/errors';
import type { IndexMeasurement, MeasureOptions } from '../contract.ts';
import type { EngineRecords } from '../records/engine-records.ts';
import { effortWithin } from '../search-options.ts';
import { neighborLists } from '../search-results.ts';
import { recallOf } from './recall-of.ts';
import { checkTrialOptions, makeTrial } from './trial.ts';

const WHERE = 'index.measure';

/** What `VectorIndex.measure` does. @throws as {@link makeTrial}; `ERR_OPTION`, `ERR_ABORTED` */
export async function measureIndex(records: EngineRecords, options: MeasureOptions): Promise<IndexMeasurement> {
  checkTrialOptions(WHERE, options, 'effort');
  if (options.effort !== undefined) checkInteger(WHERE, { effort: options.effort }, 1);
  const { engine, dimension, queries, count, k, exact, search } = await makeTrial(WHERE, records, options);
  const range = engine.effort;
  const effort = effortWithin(range, options.effort);
  const recall = exact ? recallOf(await search(queries, effort), exact) : 1;
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    checkAborted(WHERE, options.signal);
    const begin = performance.now();
    const hits = search(queries.subarray(i * dimension, (i + 1) * dimension), effort);
    neighborLists(records.store, hits instanceof Promise ? await hits : hits);
    times[i] = performance.now() - begin;
  }
  times.sort();
  const at = (share: number): number => times[Math.min(count - 1, Math.floor(count * share))] ?? 0;
  return {
    engine: engine.name,
    recall,
    k,
    queries: count,
    latency: { median: at(0.5), p95: at(0.95) },
    bytesPerVector: engine.bytes / engine.size,
    effort: range && exact && { name: range.name, value: effort ?? range.value },
  };
}
