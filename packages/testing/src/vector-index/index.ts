export { registerChecks, type Check, type CheckResult, type RegisterTest } from '../check.ts';
export { indexChecks, type IndexTest } from './index-checks.ts';
export type {
  Filter,
  FindOptions,
  FoundRecord,
  Id,
  IndexUnderTest,
  Label,
  MakeIndex,
  PutOptions,
  StoredRecord,
} from './index-under-test.ts';
export { plainDistances, type PlainDistance } from './plain-distances.ts';
export { testIndex } from './test-index.ts';
