import { definePlugin, type Plugin } from '@simile/core';
import { activationStdLogging } from './activation-std-logging.ts';
import { generalizedMeanPooling1d } from './generalized-mean-pooling1d.ts';
import { generalizedMeanPooling2d } from './generalized-mean-pooling2d.ts';
import { metricEmbedding } from './metric-embedding.ts';

/** The layers of this package by id, and by the names that TensorFlow Similarity knows them under. */
const plugin: Plugin = definePlugin({
  spec: 1,
  name: '@simile/layers',
  layers: {
    'activation-std-logging': activationStdLogging,
    'generalized-mean-pooling1d': generalizedMeanPooling1d,
    'generalized-mean-pooling2d': generalizedMeanPooling2d,
    'metric-embedding': metricEmbedding,
  },
  aliases: {
    activationstdlogginglayer: 'activation-std-logging',
    generalizedmeanpooling1d: 'generalized-mean-pooling1d',
    generalizedmeanpooling2d: 'generalized-mean-pooling2d',
    metricembedding: 'metric-embedding',
  },
});

export default plugin;
