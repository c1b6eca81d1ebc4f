import type { Setting } from './state.ts';

/** Options of the miners that have a slider, with their defaults: a miner does not say what it was made with. */
export const minerOptions: Readonly<Record<string, Readonly<Record<string, Setting>>>> = {
  'angular-miner': { angle: 0.35 },
  'batch-easy-hard': { positives: 'easy', negatives: 'semi-hard' },
  'distance-weighted': { nearest: 0.5, farthest: 1.4 },
  hdc: { fraction: 0.5 },
  'multi-similarity-miner': { epsilon: 0.1 },
  'pair-margin-miner': { positiveMargin: 0.2, negativeMargin: 0.8 },
  'triplet-margin-miner': { margin: 0.2, triplets: 'all' },
  'uniform-histogram': { bins: 100, positivesPerBin: 10, negativesPerBin: 10 },
};
