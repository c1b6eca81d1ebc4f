import { definePlugin } from '@simile/core';
import { softmaxRatio } from './softmax-ratio.ts';

/** What this package offers: `createRegistry([plugin]).loss('softmax-ratio')`. */
export const plugin = definePlugin({
  spec: 1,
  name: 'simile-plugin-softmax-ratio',
  losses: { 'softmax-ratio': softmaxRatio },
});
