import type { Miner, Triplets } from '@simile/core';
import { expect, test } from 'vitest';
import type { MinerTest } from './miner-checks.ts';
import { testMiner } from './test-miner.ts';

const none: Triplets = {
  kind: 'triplets',
  anchors: new Int32Array(),
  positives: new Int32Array(),
  negatives: new Int32Array(),
};
const minerTest: MinerTest<object> = {
  oracle: () => ({ triplets: [] }),
  worked: [{ labels: [0], distances: [[0]], mined: { triplets: [] } }],
  backends: ['cpu'],
};

/** Names of what testMiner registers and what fails of it. */
async function run(make: () => Miner): Promise<{ names: string[]; failed: string[] }> {
  const tests: [string, (context: unknown) => Promise<void>][] = [];
  testMiner('nothing', make, minerTest, { test: (...registered) => tests.push(registered) });
  const failed: string[] = [];
  for (const [name, body] of tests) await body(undefined).catch(() => failed.push(name));
  return { names: tests.map(([name]) => name), failed };
}

test('registers tests under the name of the miner, and those fail that should', async () => {
  const { names, failed } = await run(() => () => none);
  expect(names.length).toBeGreaterThan(20);
  expect(names.every((name) => name.startsWith('nothing on cpu: '))).toBe(true);
  // It looks at none of its input, so it refuses none.
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.every((name) => name.includes('refuses'))).toBe(true);
});
