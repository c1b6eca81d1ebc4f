import type { Comparison } from './comparison.ts';

/** What came of a check: passed, failed with the input that broke it, or skipped with the reason. */
export interface CheckResult {
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What went wrong and on which input, or why it was skipped; empty when all is well. */
  readonly detail: string;
  /** How near its numbers came, where it compares numbers. */
  readonly comparison?: Comparison;
}

/** One thing that a unit must do, on one backend. Data, so that a test runner, a script or a page can run it. */
export interface Check {
  /** A sentence about behaviour: `gradient agrees with differences of the oracle`. */
  readonly name: string;
  /** Backend that it runs on: `cpu`, `wasm`, `webgl` or `webgpu`. */
  readonly backend: string;
  /** Runs it. Never throws: an error of the unit is a failure. */
  run(): Promise<CheckResult>;
}

/** Thrown inside a check to say what broke it. */
export class CheckFailure extends Error {}

/** Registers a test: `test` of vitest, `node:test`, jest or mocha. */
export type RegisterTest = (name: string, run: (context: unknown) => Promise<void>) => unknown;

/**
 * Registers checks as tests. A failed check throws its detail; one that is skipped says why through the runner's `skip`.
 *
 * @param test Default the global `test`.
 * @throws an `Error` where there is neither.
 */
export function registerChecks(unit: string, checks: readonly Check[], test: RegisterTest = globalTest()): void {
  for (const { name, backend, run } of checks) {
    const title = `${unit} on ${backend}: ${name}`;
    test(title, async (context) => {
      const { outcome, detail } = await run();
      if (outcome === 'failed') throw new Error(`${title}: ${detail}`);
      if (outcome === 'skipped') (context as { skip?: (why: string) => void } | undefined)?.skip?.(detail);
    });
  }
}

function globalTest(): RegisterTest {
  const { test } = globalThis as { test?: RegisterTest };
  if (test) return test;
  throw new Error('There is no global test function here: pass { test } from your test runner.');
}
