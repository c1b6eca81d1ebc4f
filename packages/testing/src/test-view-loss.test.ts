import { defineViewLoss } from '@simile/core';
import { mean, mul, square, sub, type Scalar } from '@simile/core/ops';
import { expect, test } from 'vitest';
import { testViewLoss } from './test-view-loss.ts';

/** Runs what testViewLoss registers; the errors, by name. */
async function run(scale: number): Promise<Map<string, unknown>> {
  const tests: [string, (context: unknown) => Promise<void>][] = [];
  testViewLoss(
    'apart',
    () => defineViewLoss('apart', {}, (a, b) => mean(mul(square(sub(a, b)), scale)) as Scalar),
    {
      oracle: ({ first, second }) => {
        const squares = first.flatMap((row, i) => row.map((x, k) => (x - second[i]![k]!) ** 2));
        return squares.reduce((total, x) => total + x, 0) / squares.length;
      },
      worked: [{ first: [[1, 2]], second: [[1, 5]], value: 4.5 }],
      backends: ['cpu'],
    },
    { test: (...registered) => tests.push(registered) },
  );
  const errors = new Map<string, unknown>();
  for (const [name, body] of tests) await body(undefined).catch((error: unknown) => errors.set(name, error));
  expect(tests.length).toBeGreaterThan(20);
  return errors;
}

test('registers tests that pass for a loss that is right', async () => {
  expect(await run(1)).toEqual(new Map());
});

test('registers tests that fail for one that is wrong', async () => {
  expect([...(await run(1.01)).keys()]).toContain('apart on cpu: gives the value worked out on paper, case 1');
});
