import type { Loss } from '@simile/core';
import { registerChecks, type RegisterTest } from './check.ts';
import { lossChecks, type LossTest } from './loss-checks.ts';

/**
 * Registers the checks of {@link lossChecks} as tests, one a check, named after the loss and the backend.
 *
 * @param runner The `test` function of vitest, `node:test`, jest or mocha. Default the global one.
 * @example
 * import { test } from 'vitest';
 * testLoss(tripletMargin, { oracle, worked: [{ labels: [0, 0, 1], rows: [[0], [2], [3]], value: 0.5 }] }, { test });
 */
export function testLoss<Options extends object>(
  make: (options?: Options) => Loss,
  lossTest: LossTest<Options>,
  runner: { readonly test?: RegisterTest } = {},
): void {
  registerChecks(make().name, lossChecks(make, lossTest), runner.test);
}
