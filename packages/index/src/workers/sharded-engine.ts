import { checkInteger, checkNames } from '@simile/core/errors';
import type { SearchEngine, SearchEngineFactory, SearchEngineOptions } from '../contract.ts';
import { shardOptions } from './sharded-state.ts';
import { ShardedSearchEngine } from './sharded-search-engine.ts';

/** Options of {@link shardedEngine}. */
export interface ShardedEngineOptions {
  /** Engines, each with a memory of its own; a whole number from 1. Default 2. */
  readonly shards?: number;
  /** What each of them is: any engine, in this thread or, with `workerEngine`, in a worker of its own. */
  readonly engine: SearchEngineFactory;
}

/**
 * Several engines as one: records are dealt over them, each is asked for the `k` closest it has, and the closest of all are
 * returned, as one engine would. For more rows than the 4 GiB of one memory hold, or for more than one core without shared
 * memory: `shardedEngine({ shards: 4, engine: workerEngine({ engine: 'hnsw' }) })`.
 *
 * A graph in shards finds a little more than one graph of the same effort, and costs more: each shard is searched whole.
 *
 * @returns An engine for `createIndex`. A file of it is read by one of as many shards as it is, and by others from its rows
 * @throws `ERR_OPTION` for an unknown option or a number of shards below 1
 * @example
 * const index = createIndex({ dimension: 2, engine: shardedEngine({ shards: 3, engine: flatEngine() }) });
 * await index.add(Float32Array.of(1, 0, 0, 1));
 * index.describe().engine; // '3 shards of flat (wasm simd)'
 */
export function shardedEngine(options: ShardedEngineOptions): SearchEngineFactory {
  const { shards = 2, engine } = options;
  checkNames('sharded-engine', options, ['shards', 'engine']);
  checkInteger('sharded-engine', { shards }, 1);
  const make = async (engineOptions: SearchEngineOptions): Promise<SearchEngine> => {
    const made: SearchEngine[] = [];
    const own = shardOptions(engineOptions, shards);
    try {
      for (const each of own) made.push(await engine(each));
      // One that does not know its part of the state: then all are given rows.
      const isEmpty = made.some(({ size }, shard) => size === 0 && own[shard]!.slots?.length);
      if (isEmpty) for (const each of made) await each.clear();
    } catch (error) {
      for (const each of made) await each.close?.();
      throw error;
    }
    return new ShardedSearchEngine(engineOptions, made);
  };
  const { estimateBytes, recall } = engine;
  const estimate: SearchEngineFactory['estimateBytes'] = ({ count, ...rows }) =>
    estimateBytes!({ ...rows, count: Math.ceil(count / shards) }) * shards;
  return Object.assign(make, recall !== undefined && { recall }, estimateBytes && { estimateBytes: estimate });
}
