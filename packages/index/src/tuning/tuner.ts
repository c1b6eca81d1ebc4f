import { SimileError } from '@simile/core/errors';
import type { SearchEngine, TuneOptions, TuneResult } from '../contract.ts';
import type { EngineRecords } from '../records/engine-records.ts';
import { checkTrialOptions, makeTrial } from './trial.ts';
import { tuneEffort } from './tune-effort.ts';

const WHERE = 'index.tune';
/** Records, over those at the last tuning, from which on it is done again. */
const GROWN = 1.5;

/** Keeps the effort of an engine at what a wished recall needs. */
export class Tuner {
  #wish: TuneOptions | undefined;
  #tuned: { readonly engine: SearchEngine; readonly name: string; readonly size: number } | undefined;

  /**
   * @param recall To be reached from the first records on; undefined for none
   * @param tuned An engine that was tuned before it came out of a file
   */
  constructor(recall: number | undefined, tuned?: SearchEngine) {
    if (tuned) this.#tuned = { engine: tuned, name: tuned.name, size: tuned.size };
    if (recall === undefined) return;
    checkRecall('create-index', recall);
    this.#wish = { recall };
  }

  /** What `VectorIndex.tune` does. @throws as `makeTrial`; `ERR_OPTION`, `ERR_ABORTED` */
  async tune(records: EngineRecords, options: TuneOptions): Promise<TuneResult> {
    const { recall: target = 0.95, signal } = options;
    checkTrialOptions(WHERE, options, 'recall');
    checkRecall(WHERE, target);
    const { engine, queries, count, k, exact, search } = await makeTrial(WHERE, records, options);
    const { effort } = engine;
    let result: TuneResult = { effort: undefined, recall: 1, reached: true, k, queries: count };
    if (effort && exact) {
      const trial = { exact, search: (value: number) => search(queries, value), signal };
      const { value, recall, reached } = await tuneEffort(effort, target, trial);
      effort.value = value;
      result = { effort: { name: effort.name, value }, recall, reached, k, queries: count };
    }
    const { signal: _, ...wish } = options;
    this.#wish = wish;
    this.#tuned = { engine, name: engine.name, size: engine.size };
    return result;
  }

  /** Tunes again when the index has grown by half since, or has another engine. */
  async afterGrowth(records: EngineRecords): Promise<void> {
    const { engine } = records;
    if (!this.#wish || !engine?.effort || engine.size === 0) return;
    const { engine: last, name, size } = this.#tuned ?? {};
    if (last === engine && name === engine.name && engine.size < size! * GROWN) return;
    await this.tune(records, this.#wish);
  }
}

function checkRecall(where: string, recall: number): void {
  if (typeof recall === 'number' && recall > 0 && recall <= 1) return;
  throw new SimileError({
    where,
    rule: 'recall must be a number above 0, at most 1',
    got: recall,
    remedy: 'Leave it out to use the default.',
    code: 'ERR_OPTION',
  });
}
