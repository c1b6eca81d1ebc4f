export type {
  AddOptions,
  ArrayData,
  DataTest,
  EngineChoice,
  EngineHits,
  EngineSearchOptions,
  EngineSetOptions,
  EngineState,
  EngineStateRows,
  Id,
  IndexCalibrateOptions,
  IndexMeasurement,
  IndexOptions,
  IndexRecord,
  IndexSummary,
  Json,
  Label,
  LatencySummary,
  Match,
  MatchOptions,
  MeasureOptions,
  MergeOptions,
  Neighbor,
  Progress,
  RecordConditions,
  RecordData,
  RecordFilter,
  SearchColumns,
  SearchEffort,
  SearchEngine,
  SearchEngineFactory,
  SearchEngineOptions,
  SearchOptions,
  StoredEngineState,
  TuneOptions,
  TuneResult,
  VectorIndex,
  Vectors,
} from './contract.ts';
export { autoEngine, type AutoEngineOptions } from './auto/auto-engine.ts';
export { createIndex, indexFromBytes } from './create-index.ts';
export { estimateBytes, type EstimateOptions, type MemoryEstimate } from './estimate-bytes.ts';
export { flatEngine, type FlatEngineOptions } from './flat/flat-engine.ts';
export type { WasmOption, WasmSource } from './kernel/kernel-source.ts';
export type { KernelName } from './kernel/load-kernel.ts';
export { openIndex, type OpenIndexOptions } from './stores/open-index.ts';
export type { Durability } from './stores/change-log.ts';
export type { OnDamage } from './stores/read-journal.ts';
export type { StoredVectorIndex } from './stores/stored-index.ts';
export { serveEngine, type MakeServed } from './workers/serve-engine.ts';
export { shardedEngine, type ShardedEngineOptions } from './workers/sharded-engine.ts';
export { workerEngine, type WorkerEngineOptions } from './workers/worker-engine.ts';
export type { WorkerEngines } from './workers/worker-engines.ts';
export { hnswEngine } from './hnsw/hnsw-engine.ts';
export type { Precision } from './hnsw/hnsw-layout.ts';
export type { HnswOptions } from './hnsw/hnsw-options.ts';
export { ivfEngine } from './ivf/ivf-engine.ts';
export type { IvfOptions } from './ivf/ivf-options.ts';
export { importHnswlib, type ImportHnswlibOptions } from './hnswlib/import-hnswlib.ts';
export { readNpy } from './npy/read-npy.ts';
export { writeNpy } from './npy/write-npy.ts';
