import { createIndex } from '@simile/index';
import { expect, test } from 'vitest';
import { allRecords, imagesOf } from './records.ts';

test('records come in the order of the index, each with its row, label and image', async () => {
  const images = [new Uint8Array(784).fill(1), new Uint8Array(784).fill(2), new Uint8Array(784).fill(3)];
  const index = createIndex({ dimension: 2 });
  await index.add(Float32Array.of(1, 0, 0, 1, 1, 1), { labels: [4, 'star', 6], data: imagesOf(images) });
  await index.remove([0]);
  const { values, dimension, labels, pixels } = allRecords(index);
  expect(Array.from(values)).toEqual([0, 1, 1, 1]);
  expect([dimension, labels]).toEqual([2, ['star', 6]]);
  expect([pixels.length, pixels[0], pixels[784]]).toEqual([1568, 2, 3]);
});
