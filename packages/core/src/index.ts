export type {
  Augmenter,
  Batch,
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
  Relation,
  Sampler,
  Triplets,
  UnitKind,
  ViewLoss,
  ViewTargets,
} from './contract.ts';
export { defineDistance, defineLoss, type LossParts } from './define.ts';
export { defineViewLoss, type ViewLossParts } from './define-view-loss.ts';
export { pairMasks, tripletMask, type PairMasks } from './masks.ts';
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
export { createRegistry, definePlugin, type Registry } from './plugin.ts';
export { checkRelation, classIds, multiLabel, pairMatrix, predicate } from './relation.ts';
export { meanOfAll, meanOfPositive, meanOfValid, sumOfValid } from './reduce.ts';
