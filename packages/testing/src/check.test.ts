import { expect, test } from 'vitest';
import { registerChecks, type Check, type RegisterTest } from './check.ts';

const check = (name: string, outcome: 'passed' | 'failed' | 'skipped', detail = ''): Check => ({
  name,
  backend: 'cpu',
  run: async () => ({ outcome, detail }),
});

function collect(): { test: RegisterTest; tests: Map<string, (context: unknown) => Promise<void>> } {
  const tests = new Map<string, (context: unknown) => Promise<void>>();
  return { tests, test: (name, run) => tests.set(name, run) };
}

test('registers one test a check, named after unit, backend and check', async () => {
  const { tests, test: register } = collect();
  registerChecks('circle', [check('is right', 'passed'), check('is never below 0', 'passed')], register);
  expect([...tests.keys()]).toEqual(['circle on cpu: is right', 'circle on cpu: is never below 0']);
  for (const run of tests.values()) await run(undefined);
});

test('a failed check throws its detail', async () => {
  const { tests, test: register } = collect();
  registerChecks('circle', [check('is right', 'failed', 'the value is 3 in place of 2')], register);
  await expect([...tests.values()][0]!(undefined)).rejects.toThrow(
    'circle on cpu: is right: the value is 3 in place of 2',
  );
});

test('a skipped check tells the runner why, and passes where the runner cannot skip', async () => {
  const { tests, test: register } = collect();
  registerChecks('circle', [check('is right', 'skipped', 'there is no WebGPU here')], register);
  const [run] = tests.values();
  const reasons: string[] = [];
  await run!({ skip: (why: string) => reasons.push(why) });
  expect(reasons).toEqual(['there is no WebGPU here']);
  await run!(undefined);
});

test('says so where there is no test function', () => {
  expect(() => registerChecks('circle', [])).toThrowErrorMatchingInlineSnapshot(
    `[Error: There is no global test function here: pass { test } from your test runner.]`,
  );
});
