export type { NegativeStrategy, PositiveStrategy } from './choose-triplets.ts';
export type { ClassWeightsOptions } from './class-weights.ts';
export { multiSimilarity, type MultiSimilarityOptions } from './multi-similarity.ts';
export { normalizedSoftmax, type NormalizedSoftmaxOptions } from './normalized-softmax.ts';
export { default as lossesPlugin } from './plugin.ts';
export { tripletMargin, type TripletMarginOptions } from './triplet-margin.ts';
