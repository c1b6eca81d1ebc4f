export { activationStdLogging } from './activation-std-logging.ts';
export type { ActivationStdLogging, ActivationStdLoggingOptions } from './activation-std-logging.ts';
export type { GeneralizedMeanPoolingOptions } from './generalized-mean-pooling.ts';
export { generalizedMeanPooling1d } from './generalized-mean-pooling1d.ts';
export { generalizedMeanPooling2d } from './generalized-mean-pooling2d.ts';
export { metricEmbedding, type MetricEmbeddingOptions } from './metric-embedding.ts';
export { default as layersPlugin } from './plugin.ts';
export { registerLayers } from './register-layers.ts';
