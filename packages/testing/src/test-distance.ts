import type { Distance } from '@simile/core';
import { registerChecks, type RegisterTest } from './check.ts';
import { distanceChecks, type DistanceTest } from './distance-checks.ts';

/**
 * Registers the checks of {@link distanceChecks} as tests, one a check, named after the distance and the backend.
 *
 * @param runner The `test` function of vitest, `node:test`, jest or mocha. Default the global one.
 * @example
 * import { test } from 'vitest';
 * testDistance(euclidean, { oracle, worked: [{ a: [[0, 0], [3, 4]], distances: [[0, 5], [5, 0]] }] }, { test });
 */
export function testDistance(
  make: () => Distance,
  distanceTest: DistanceTest,
  runner: { readonly test?: RegisterTest } = {},
): void {
  registerChecks(make().name, distanceChecks(make, distanceTest), runner.test);
}
