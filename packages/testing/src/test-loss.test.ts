import { defineLoss } from '@simile/core';
import { mean, mul, type Scalar } from '@simile/core/ops';
import { expect, test } from 'vitest';
import type { LossTest } from './loss-checks.ts';
import { testLoss } from './test-loss.ts';

const lossTest: LossTest<object> = {
  oracle: ({ rows }) => rows.flat().reduce((total, x) => total + x, 0) / rows.flat().length,
  worked: [{ labels: [0], rows: [[2, 4]], value: 3 }],
  reference: false,
  nonNegative: false,
  rotationInvariant: false,
  backends: ['cpu'],
};
const average = (scale: number) => () => defineLoss('average', {}, (_, x) => mean(mul(x, scale)) as Scalar);

/** Runs what testLoss registers; the errors, by name. */
async function run(scale: number): Promise<Map<string, unknown>> {
  const tests: [string, (context: unknown) => Promise<void>][] = [];
  testLoss(average(scale), lossTest, { test: (...registered) => tests.push(registered) });
  const errors = new Map<string, unknown>();
  for (const [name, body] of tests) await body(undefined).catch((error: unknown) => errors.set(name, error));
  expect(tests.length).toBeGreaterThan(20);
  return errors;
}

test('registers tests that pass for a loss that is right', async () => {
  expect(await run(1)).toEqual(new Map());
});

test('registers tests that fail for one that is wrong', async () => {
  expect([...(await run(1.01)).keys()]).toContain('average on cpu: gives the value worked out on paper, case 1');
});
