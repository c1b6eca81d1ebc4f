import { defineDistance } from '@simile/core';
import { expandDims, mul, square, sub, sum, type Tensor2D } from '@simile/core/ops';
import { expect, test } from 'vitest';
import { testDistance } from './test-distance.ts';

const squared = (scale: number) => () =>
  defineDistance('squared', (a, b) => mul(scale, sum(square(sub(expandDims(a, 1), expandDims(b, 0))), 2)) as Tensor2D);

/** Runs what testDistance registers; names of the tests that fail. */
async function failing(scale: number): Promise<string[]> {
  const tests: [string, (context: unknown) => Promise<void>][] = [];
  testDistance(
    squared(scale),
    {
      oracle: (a, b) => a.reduce((total, x, k) => total + (x - b[k]!) ** 2, 0),
      worked: [{ a: [[1, 2]], b: [[3, -1]], distances: [[13]] }],
      backends: ['cpu'],
    },
    { test: (...registered) => tests.push(registered) },
  );
  const failed: string[] = [];
  for (const [name, body] of tests) await body(undefined).catch(() => failed.push(name));
  expect(tests.length).toBeGreaterThan(15);
  return failed;
}

test('registers tests that pass for a distance that is right', async () => {
  expect(await failing(1)).toEqual([]);
});

test('registers tests that fail for one that is wrong', async () => {
  expect(await failing(1.01)).toContain('squared on cpu: gives the matrix worked out on paper, case 1');
});
