export type {
  Augmenter,
  Batch,
  CostSource,
  Distance,
  Factory,
  Loss,
  Miner,
  MultiLabel,
  PairMatrix,
  Pairs,
  Plugin,
  Predicate,
  Reducer,
  Reference,
  Regularizer,
  Relation,
  Sampler,
  SlowerNetwork,
  TrainedNetwork,
  Triplets,
  UnitKind,
  ViewLoss,
  ViewTargets,
} from './contract.ts';
export { classWeighted, type ClassWeightedOptions } from './class-weighted.ts';
export { defineDistance, defineLoss, defineRegularizer, type LossParts } from './define.ts';
export { defineViewLoss, type ViewLossParts } from './define-view-loss.ts';
export { dividedBy } from './divided-by.ts';
export { pairMasks, tripletMask, type PairMasks } from './masks.ts';
export { meanBetween, type MeanBetweenOptions } from './mean-between.ts';
export {
  asColumn,
  l2Normalize,
  logOnePlusSumExp,
  maskedArgMax,
  maskedArgMin,
  maskedLogSumExp,
  pick,
  pointers,
  rowHasAny,
  safeSqrt,
  stopGradient,
  withoutGradient,
} from './numerics.ts';
export { perAnchor } from './per-anchor.ts';
export { createRegistry, definePlugin, type Registry } from './plugin.ts';
export { checkRelation, classIds, multiLabel, pairMatrix, predicate } from './relation.ts';
export { meanOfAll, meanOfPositive, meanOfValid, sumOfValid } from './reduce.ts';
export { unreduced } from './unreduced.ts';
