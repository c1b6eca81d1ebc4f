import { autoEngine, type AutoEngineOptions } from '../auto/auto-engine.ts';
import type { SearchEngineFactory } from '../contract.ts';
import { flatEngine, type FlatEngineOptions } from '../flat/flat-engine.ts';
import { hnswEngine } from '../hnsw/hnsw-engine.ts';
import type { HnswOptions } from '../hnsw/hnsw-options.ts';
import { ivfEngine } from '../ivf/ivf-engine.ts';
import type { IvfOptions } from '../ivf/ivf-options.ts';

/** Engines that `workerEngine` knows by name, and their options. */
export interface WorkerEngines {
  readonly auto: Omit<AutoEngineOptions, 'small' | 'large'>;
  readonly flat: FlatEngineOptions;
  readonly hnsw: HnswOptions;
  readonly ivf: IvfOptions;
}

/** The factory of each, for the worker. */
export const workerEngines: {
  readonly [Name in keyof WorkerEngines]: (options: WorkerEngines[Name]) => SearchEngineFactory;
} = { auto: autoEngine, flat: flatEngine, hnsw: hnswEngine, ivf: ivfEngine };
