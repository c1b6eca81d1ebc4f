import type { Miner } from '@simile/core';
import { registerChecks, type RegisterTest } from './check.ts';
import { minerChecks, type MinerTest } from './miner-checks.ts';

/**
 * Registers the checks of {@link minerChecks} as tests, one a check, named after the miner and the backend.
 *
 * @param name Id of the miner.
 * @param runner The `test` function of vitest, `node:test`, jest or mocha. Default the global one.
 * @example
 * import { test } from 'vitest';
 * const mined = { triplets: [[0, 1, 2], [1, 0, 2]] };
 * testMiner('batch-hard', batchHard, { oracle, worked: [{ labels: [0, 0, 1], distances: [[0, 2, 3], [2, 0, 1], [3, 1, 0]], mined }] }, { test });
 */
export function testMiner<Options extends object>(
  name: string,
  make: (options: Options) => Miner,
  minerTest: MinerTest<Options>,
  runner: { readonly test?: RegisterTest } = {},
): void {
  registerChecks(name, minerChecks(make, minerTest), runner.test);
}
