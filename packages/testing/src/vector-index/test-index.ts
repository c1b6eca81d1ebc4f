import { registerChecks, type RegisterTest } from '../check.ts';
import { indexChecks, type IndexTest } from './index-checks.ts';
import type { IndexUnderTest, MakeIndex } from './index-under-test.ts';

/**
 * Registers the checks of {@link indexChecks} as tests, one a check, named after the index and the metric.
 *
 * @param runner The `test` function of vitest, `node:test`, jest or mocha. Default the global one.
 * @throws an `Error` where there is neither
 * @example
 * import { test } from 'vitest';
 * testIndex('my index', ({ dimension, metric }) => myIndex({ dimension, metric }), { recall: 0.95 }, { test });
 */
export function testIndex<Index extends IndexUnderTest>(
  name: string,
  make: MakeIndex<Index>,
  indexTest: IndexTest<Index> = {},
  runner: { readonly test?: RegisterTest } = {},
): void {
  registerChecks(name, indexChecks(make, indexTest), runner.test);
}
