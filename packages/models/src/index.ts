export type { SimilarityModel } from './contract.ts';
export type {
  CompileOptions,
  FitOptions,
  IndexItemsOptions,
  Labels,
  LearningRateSchedule,
  LookupOptions,
  PredictOptions,
  TensorInput,
  TrainingData,
  TrainingHistory,
  TrainingMetric,
} from './options.ts';
export type { EmbedFunction, EmbedResult } from './embedders/function-embedder.ts';
export type { GraphModelLike } from './embedders/graph-embedder.ts';
export type { CutpointEvaluation, EvaluateOptions, Evaluation } from './evaluate.ts';
export { evaluationCallback, type EvaluationCallbackOptions } from './evaluation-callback.ts';
export type { LayerClass, LoadGraphModel } from './file/unpack-network.ts';
export { loadSimilarityModel, type LoadFunctionOptions, type LoadOptions } from './load-similarity-model.ts';
export { collapseMonitor, type CollapseMonitor, type CollapseMonitorOptions } from './monitor/collapse-monitor.ts';
export { warmupCosineDecay, type WarmupCosineDecayOptions } from './schedules/warmup-cosine-decay.ts';
export {
  similarityModel,
  type CommonModelOptions,
  type FunctionOptions,
  type LayerGraphOptions,
  type NetworkOptions,
} from './similarity-model.ts';
export type { ModelSummary } from './summary.ts';
export type { CallbackInstance, Logs, TrainingCallback, TrainingStep } from './training/callbacks.ts';
