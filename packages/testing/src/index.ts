export { registerChecks, type Check, type CheckResult, type RegisterTest } from './check.ts';
export { distanceChecks, type DistanceTest } from './distance-checks.ts';
export { lossChecks, type GoldenLoss, type LossOracleInput, type LossTest, type WorkedLoss } from './loss-checks.ts';
export type { RelationKind, Same } from './relations.ts';
export { testDistance } from './test-distance.ts';
export { testLoss } from './test-loss.ts';
