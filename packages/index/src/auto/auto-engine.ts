import { checkInteger, checkNames } from '@simile/core/errors';
import type { SearchEngineFactory } from '../contract.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { FLAT_KIND } from '../flat/flat-state.ts';
import { hnswEngine } from '../hnsw/hnsw-engine.ts';
import { GRAPH_METRICS, type Precision } from '../hnsw/hnsw-layout.ts';
import { ivfEngine } from '../ivf/ivf-engine.ts';
import { storedEngine } from './stored-engine.ts';
import { AutoSearchEngine, type AutoChoice } from './auto-search-engine.ts';

/** Values (rows × dimension) up to which every row is looked at by default. */
const FLAT_VALUES = 2_000_000;

/** Records up to which partitions are searched as fast as a graph, or faster, and learnt in a tenth of its time. */
const PARTITIONED = 500_000;

/** Options of {@link autoEngine}. */
export interface AutoEngineOptions {
  /** Share of the closest records that searches should find, above 0, at most 1; 1 looks at every record. Default .95. */
  readonly recall?: number;
  /** Records up to which every one is looked at. Default as many as have 2,000,000 values: 20,000 of dimension 100. */
  readonly flatUpTo?: number;
  /** Codes of a graph, which is then chosen for many records in any case. Default that of `hnswEngine`. */
  readonly precision?: Precision;
  /** Threads of a graph or of partitions, this one included; `auto` is one a core. Default 1. */
  readonly threads?: number | 'auto';
  /** Engine for few records. Default `flatEngine()`. */
  readonly small?: SearchEngineFactory;
  /** Engine for many records. Default `ivfEngine()` for up to 500,000 of which half or more come in one add, else `hnswEngine({ precision })`. */
  readonly large?: SearchEngineFactory;
}

/**
 * Chooses an engine by the number of records: exact search while they are few. Above, partitions where half of the records or more come
 * in one add, and are not past 500,000: they are learnt in seconds and then searched as fast; a graph where records trickle in, or there are more. The
 * add that passes the number moves the records. `describe().engine` says which is in use and why.
 *
 * @returns The default engine of `createIndex`
 * @throws `ERR_OPTION`
 * @example
 * const index = createIndex({ dimension: 2, engine: autoEngine({ recall: 0.99 }) });
 * await index.add(Float32Array.of(1, 0));
 * index.describe().engine; // 'flat (wasm simd), chosen for 1,000,000 records or fewer'
 */
export function autoEngine(options: AutoEngineOptions = {}): SearchEngineFactory {
  const where = 'auto-engine';
  const { recall = 0.95, flatUpTo, precision, threads = 1, small = flatEngine() } = options;
  checkNames(where, options, ['recall', 'flatUpTo', 'precision', 'threads', 'small', 'large']);
  if (flatUpTo !== undefined) checkInteger(where, { flatUpTo }, 0);
  const graph = options.large ?? hnswEngine({ threads, ...(precision && { precision }) });
  const partitions = options.large || precision ? graph : ivfEngine({ threads });
  const large = (rows: number, atOnce: number): SearchEngineFactory =>
    rows <= PARTITIONED && atOnce * 2 >= rows ? partitions : graph;
  const choose = (dimension: number, metric: string): AutoChoice => {
    const most = flatUpTo ?? Math.floor(FLAT_VALUES / dimension);
    if (recall === 1) return { small, large: undefined, most, reason: 'recall 1 was asked for' };
    if (!options.large && !(GRAPH_METRICS as readonly string[]).includes(metric)) {
      return { small, large: undefined, most, reason: `there is no graph for ${metric}` };
    }
    return { small, large, most, reason: '' };
  };
  const make: SearchEngineFactory = async (engineOptions) => {
    const { dimension, metric, restore } = engineOptions;
    const chosen = choose(dimension, metric);
    // A graph that was built is not thrown away, whatever its options, unless others are asked for.
    const stored = restore && chosen.large && !options.large && !precision ? storedEngine(restore, threads) : undefined;
    const choice = stored ? { ...chosen, large: () => stored, reason: 'it was built already' } : chosen;
    const isLarge = choice.large !== undefined && restore !== undefined && restore.kind !== FLAT_KIND;
    const engine = await (isLarge ? choice.large!(engineOptions.slots?.length ?? 0, 0) : small)(engineOptions);
    return new AutoSearchEngine(engineOptions, choice, engine, isLarge);
  };
  const estimateBytes: SearchEngineFactory['estimateBytes'] = (rows) => {
    const { large: many, most } = choose(rows.dimension, rows.metric);
    const engine = many && rows.count > most ? many(rows.count, rows.count) : small;
    return engine.estimateBytes!(rows);
  };
  return Object.assign(make, { recall, estimateBytes });
}
