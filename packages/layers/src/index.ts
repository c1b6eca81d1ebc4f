export { metricEmbedding, type MetricEmbeddingOptions } from './metric-embedding.ts';
export { registerLayers } from './register-layers.ts';
