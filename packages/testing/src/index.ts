export { registerChecks, type Check, type CheckResult, type RegisterTest } from './check.ts';
export {
  classLossChecks,
  type ClassBatch,
  type ClassLossTest,
  type GivenWeights,
  type GoldenClassLoss,
  type WorkedClassLoss,
} from './class-loss-checks.ts';
export { distanceChecks, type DistanceTest } from './distance-checks.ts';
export { lossChecks, type GoldenLoss, type LossOracleInput, type LossTest, type WorkedLoss } from './loss-checks.ts';
export type { RelationKind, Same } from './relations.ts';
export { testClassLoss } from './test-class-loss.ts';
export { testDistance } from './test-distance.ts';
export { testLoss } from './test-loss.ts';
export { testViewLoss } from './test-view-loss.ts';
export type { ViewBatch } from './view-batches.ts';
export { viewLossChecks, type GoldenViewLoss, type ViewLossTest, type WorkedViewLoss } from './view-loss-checks.ts';
