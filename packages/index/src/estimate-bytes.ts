import { checkInteger, checkNames, SimileError } from '@simile/core/errors';
import type { EngineChoice } from './contract.ts';
import { chooseEngine } from './engine-choice.ts';

/** Options of {@link estimateBytes}; those of the engine as for `createIndex`. */
export interface EstimateOptions extends EngineChoice {
  /** Records. */
  readonly count: number;
  /** Values of a vector. */
  readonly dimension: number;
  /** Metric of the index. Default `cosine`. */
  readonly metric?: string;
  /** Kind of the ids: given out by the index, whole numbers of one's own, or texts. Default `given-out`. */
  readonly ids?: 'given-out' | 'numbers' | 'texts';
  /** Whether records have labels. Default false. */
  readonly labels?: boolean;
}

/** Memory of an index, in bytes. Data of records is not in it: that is as large as it is. */
export interface MemoryEstimate {
  /** Rows, codes and links: in the memory of WASM, up to 4 GiB an engine. */
  readonly engine: number;
  /** Ids and labels: in JavaScript. */
  readonly records: number;
  readonly total: number;
}

/** Bytes of an id: a number in a column and in the table of ids; a text of some 20 characters, the same. */
const ID_BYTES = { 'given-out': 0, numbers: 8 + 40, texts: 8 + 40 + 40 } as const;
const LABEL_BYTES = 4;

/**
 * How much memory an index will take, before it is made. While an add lasts, up to as much again of what grows may be in use.
 *
 * @throws `ERR_OPTION` for counts that are no whole numbers, and for an engine that cannot say
 * @example
 * const { total } = estimateBytes({ count: 1_000_000, dimension: 100, engine: 'flat' });
 * total > 400e6; // true
 */
export function estimateBytes(options: EstimateOptions): MemoryEstimate {
  const where = 'estimate-bytes';
  const { count, dimension, metric = 'cosine', ids = 'given-out', labels = false, ...choice } = options;
  checkNames(where, choice, ['engine', 'precision', 'recall', 'threads']);
  checkInteger(where, { count }, 0);
  checkInteger(where, { dimension }, 1);
  const { factory, checkMetric } = chooseEngine(where, choice);
  checkMetric(metric);
  if (!factory.estimateBytes) {
    throw new SimileError({
      where,
      rule: 'the engine must be able to say how much memory it takes',
      remedy: 'Ask its author for estimateBytes on the factory.',
      code: 'ERR_OPTION',
    });
  }
  const engine = factory.estimateBytes({ count, dimension, metric });
  const records = count * (ID_BYTES[ids] + (labels ? LABEL_BYTES : 0)) + Math.ceil(count / 8);
  return { engine, records, total: engine + records };
}
