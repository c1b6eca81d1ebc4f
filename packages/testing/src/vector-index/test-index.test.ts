import { expect, test } from 'vitest';
import { PlainIndex } from '../../test/plain-index.ts';
import { testIndex } from './test-index.ts';

/** Runs what testIndex registers; names of the tests, and of those that fail. */
async function registered(index: (dimension: number, metric: string) => PlainIndex): Promise<[string[], string[]]> {
  const tests: [string, (context: unknown) => Promise<void>][] = [];
  const options = { metrics: ['cosine', 'manhattan'], size: 1000, dimension: 4, rounds: { queries: 50, changes: 10 } };
  testIndex('plain', ({ dimension, metric }) => index(dimension, metric), options, {
    test: (...given) => tests.push(given),
  });
  const failed: string[] = [];
  for (const [name, body] of tests) {
    if (name.includes('work') || name.includes('ids')) await body(undefined).catch(() => failed.push(name));
  }
  return [tests.map(([name]) => name), failed];
}

test('registers a test a check and metric, which pass for an index that is right', async () => {
  const [names, failed] = await registered((dimension, metric) => new PlainIndex(dimension, metric));
  expect(names).toContain('plain on cosine: works with no record and with one, and returns all when k is more');
  expect(names).toContain('plain on manhattan: reads what it wrote');
  expect([names.length, failed]).toEqual([2 * 19, []]);
});

test('registers tests that fail for one that is wrong', async () => {
  const wrong = (dimension: number, metric: string): PlainIndex =>
    Object.assign(new PlainIndex(dimension, metric), { has: () => true });
  const [, failed] = await registered(wrong);
  expect(failed).toContain('plain on manhattan: works with no record and with one, and returns all when k is more');
});
