export type {
  AddOptions,
  ArrayData,
  EngineHits,
  EngineSearchOptions,
  Id,
  IndexCalibrateOptions,
  IndexOptions,
  IndexRecord,
  IndexSummary,
  Json,
  Label,
  LatencySummary,
  Match,
  MatchOptions,
  Neighbor,
  RecordData,
  RecordFilter,
  SearchColumns,
  SearchEngine,
  SearchEngineFactory,
  SearchEngineOptions,
  SearchOptions,
  VectorIndex,
  Vectors,
} from './contract.ts';
export { createIndex, indexFromBytes } from './create-index.ts';
export { flatEngine, type FlatEngineOptions } from './flat-engine.ts';
export type { FlatKernelName } from './flat-kernel.ts';
