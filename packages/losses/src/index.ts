export type { NegativeStrategy, PositiveStrategy } from './choose-triplets.ts';
export { multiSimilarity, type MultiSimilarityOptions } from './multi-similarity.ts';
export { default as lossesPlugin } from './plugin.ts';
export { tripletMargin, type TripletMarginOptions } from './triplet-margin.ts';
