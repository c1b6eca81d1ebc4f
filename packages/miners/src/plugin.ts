import { definePlugin, type Plugin } from '@simile/core';
import { angularMiner } from './angular-miner.ts';
import { batchEasyHard } from './batch-easy-hard.ts';
import { batchHard } from './batch-hard.ts';
import { distanceWeighted } from './distance-weighted.ts';
import { hdc } from './hdc.ts';
import { multiSimilarityMiner } from './multi-similarity-miner.ts';
import { pairMarginMiner } from './pair-margin-miner.ts';
import { tripletMarginMiner } from './triplet-margin-miner.ts';
import { uniformHistogram } from './uniform-histogram.ts';

/** The miners of this package by id, and by the names that PyTorch Metric Learning knows them under. */
const plugin: Plugin = definePlugin({
  spec: 1,
  name: '@simile/miners',
  miners: {
    'angular-miner': angularMiner,
    'batch-easy-hard': batchEasyHard,
    'batch-hard': batchHard,
    'distance-weighted': distanceWeighted,
    hdc,
    'multi-similarity-miner': multiSimilarityMiner,
    'pair-margin-miner': pairMarginMiner,
    'triplet-margin-miner': tripletMarginMiner,
    'uniform-histogram': uniformHistogram,
  },
  aliases: {
    angularminer: 'angular-miner',
    batcheasyhardminer: 'batch-easy-hard',
    batchhardminer: 'batch-hard',
    distanceweightedminer: 'distance-weighted',
    hdcminer: 'hdc',
    multisimilarityminer: 'multi-similarity-miner',
    pairmarginminer: 'pair-margin-miner',
    tripletmarginminer: 'triplet-margin-miner',
    uniformhistogramminer: 'uniform-histogram',
  },
});

export default plugin;
