import type { ViewLoss } from '@simile/core';
import { registerChecks, type RegisterTest } from './check.ts';
import { viewLossChecks, type ViewLossTest } from './view-loss-checks.ts';

/**
 * Registers the checks of {@link viewLossChecks} as tests, one a check, named after the loss and the backend.
 *
 * @param name Id of the loss.
 * @param runner The `test` function of vitest, `node:test`, jest or mocha. Default the global one.
 * @example
 * import { test } from 'vitest';
 * testViewLoss('nt-xent', ntXent, { oracle, worked }, { test });
 */
export function testViewLoss<Options extends object>(
  name: string,
  make: (options: Options, dimension: number) => ViewLoss,
  viewLossTest: ViewLossTest<Options>,
  runner: { readonly test?: RegisterTest } = {},
): void {
  registerChecks(name, viewLossChecks(make, viewLossTest), runner.test);
}
