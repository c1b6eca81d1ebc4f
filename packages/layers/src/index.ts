export { metricEmbedding, type MetricEmbeddingOptions } from './metric-embedding.ts';
export { default as layersPlugin } from './plugin.ts';
export { registerLayers } from './register-layers.ts';
