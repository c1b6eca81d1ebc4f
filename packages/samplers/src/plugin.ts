import { definePlugin, type Plugin } from '@simile/core';
import { multiShotSampler } from './multi-shot-sampler.ts';
import { twoViewSampler } from './two-view-sampler.ts';

/** The samplers of this package by id, and by the names that TensorFlow Similarity knows them under. */
const plugin: Plugin = definePlugin({
  spec: 1,
  name: '@simile/samplers',
  samplers: { 'multi-shot-sampler': multiShotSampler, 'two-view-sampler': twoViewSampler },
  aliases: { multishotmemorysampler: 'multi-shot-sampler', tfdatasampler: 'multi-shot-sampler' },
});

export default plugin;
