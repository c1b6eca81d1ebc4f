// The digits and clothes that the site ships are the first of each class of the official files.
import { join } from 'node:path';
import type { LabelledItems } from '@simile/core/items';
import { fashionMnist, mnist } from '@simile/datasets';
import { expect, test } from 'vitest';
import { firstOfEach, writeIdx } from '../../data/subset.ts';

const data = join(import.meta.dirname, '../../data');
const counts = [
  ['train', 200, 100],
  ['test', 50, 30],
] as const;

function expectEqual(shipped: LabelledItems<Uint8Array>, official: LabelledItems<Uint8Array>): void {
  expect(shipped.x.shape).toEqual(official.x.shape);
  expect(Buffer.compare(shipped.x.data, official.x.data)).toBe(0);
  expect(shipped.labels).toEqual(official.labels);
}

test.each(counts)('MNIST, %s: the first %i of each digit', async (split, count) => {
  const shipped = await mnist({ folder: join(data, 'mnist'), split });
  expect(shipped.x.shape).toEqual([10 * count, 28, 28, 1]);
  expectEqual(shipped, firstOfEach(await mnist({ split, download: false }), count));
});

test.each(counts)('Fashion-MNIST, %s', async (split, _, count) => {
  const shipped = await fashionMnist({ folder: join(data, 'fashion-mnist'), split });
  expect(shipped.x.shape).toEqual([10 * count, 28, 28, 1]);
  for (let label = 0; label < 10; label++) {
    expect(shipped.labels.filter((each) => each === label)).toHaveLength(count);
  }
});

test.each(counts)('Fashion-MNIST, %s: the first of each class, where the whole is here', async (split, _, count) => {
  const whole = await fashionMnist({ split, download: false }).catch(() => undefined);
  if (!whole) return console.log('passed over: neither the Debian package dataset-fashion-mnist nor the cache has it');
  expectEqual(await fashionMnist({ folder: join(data, 'fashion-mnist'), split }), firstOfEach(whole, count));
});

test('an IDX file is its type, its axes, its values', () => {
  expect([...writeIdx([7, 9], [2, 1])]).toEqual([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 7, 9]);
});
