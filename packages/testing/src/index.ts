export { registerChecks, type Check, type CheckResult, type RegisterTest } from './check.ts';
export {
  classLossChecks,
  type ClassBatch,
  type ClassLossTest,
  type GivenWeights,
  type GoldenClassLoss,
  type WorkedClassLoss,
} from './class-loss-checks.ts';
export type { Comparison } from './comparison.ts';
export { distanceChecks, type DistanceTest } from './distance-checks.ts';
export { lossChecks, type GoldenLoss, type LossOracleInput, type LossTest, type WorkedLoss } from './loss-checks.ts';
export {
  minerChecks,
  type GoldenMiner,
  type MinerOracleInput,
  type MinerTest,
  type WorkedMiner,
} from './miner-checks.ts';
export type { RelationKind, Same } from './relations.ts';
export type { Mined, MinedPair, MinedTriplet } from './run-miner.ts';
export { testClassLoss } from './test-class-loss.ts';
export { testDistance } from './test-distance.ts';
export { testLoss } from './test-loss.ts';
export { testViewLoss } from './test-view-loss.ts';
export type { ViewBatch } from './view-batches.ts';
export { viewLossChecks, type GoldenViewLoss, type ViewLossTest, type WorkedViewLoss } from './view-loss-checks.ts';
export { testMiner } from './test-miner.ts';
