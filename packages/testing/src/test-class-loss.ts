import type { Loss } from '@simile/core';
import { registerChecks, type RegisterTest } from './check.ts';
import { classLossChecks, type ClassLossTest, type GivenWeights } from './class-loss-checks.ts';

/**
 * Registers the checks of {@link classLossChecks} as tests, one a check, named after the loss and the backend.
 *
 * @param name Id of the loss.
 * @param runner The `test` function of vitest, `node:test`, jest or mocha. Default the global one.
 * @example
 * import { test } from 'vitest';
 * testClassLoss('cos-face', cosFace, { oracle, worked }, { test });
 */
export function testClassLoss<Options extends object>(
  name: string,
  make: (options: Options & GivenWeights) => Loss,
  classLossTest: ClassLossTest<Options>,
  runner: { readonly test?: RegisterTest } = {},
): void {
  registerChecks(name, classLossChecks(make, classLossTest), runner.test);
}
