import { definePlugin, type Plugin } from '@simile/core';
import { multiSimilarity } from './multi-similarity.ts';
import { normalizedSoftmax } from './normalized-softmax.ts';
import { tripletMargin } from './triplet-margin.ts';

/** The losses of this package by id, and by the names that other libraries know them under. */
const plugin: Plugin = definePlugin({
  spec: 1,
  name: '@simile/losses',
  losses: {
    'multi-similarity': multiSimilarity,
    'normalized-softmax': normalizedSoftmax,
    'triplet-margin': tripletMargin,
  },
  aliases: {
    multisim_loss: 'multi-similarity',
    multisim: 'multi-similarity',
    multisimilarity: 'multi-similarity',
    multisimilarityloss: 'multi-similarity',
    multi_similarity: 'multi-similarity',
    normalizedsoftmaxloss: 'normalized-softmax',
    triplet: 'triplet-margin',
    triplet_loss: 'triplet-margin',
    tripletloss: 'triplet-margin',
    tripletmargin: 'triplet-margin',
    tripletmarginloss: 'triplet-margin',
    triplet_margin: 'triplet-margin',
  },
});

export default plugin;
