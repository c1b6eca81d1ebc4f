import type { SearchEngineFactory } from '../contract.ts';
import { flatEngine, type FlatEngineOptions } from '../flat/flat-engine.ts';

/** Engines that `workerEngine` knows by name, and their options. */
export interface WorkerEngines {
  readonly flat: FlatEngineOptions;
}

/** The factory of each, for the worker. */
export const workerEngines: {
  readonly [Name in keyof WorkerEngines]: (options: WorkerEngines[Name]) => SearchEngineFactory;
} = { flat: flatEngine };
