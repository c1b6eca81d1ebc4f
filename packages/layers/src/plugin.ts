import { definePlugin, type Plugin } from '@simile/core';
import { metricEmbedding } from './metric-embedding.ts';

/** The layers of this package by id, and by the name that TensorFlow Similarity knows them under. */
const plugin: Plugin = definePlugin({
  spec: 1,
  name: '@simile/layers',
  layers: { 'metric-embedding': metricEmbedding },
  aliases: { metricembedding: 'metric-embedding' },
});

export default plugin;
