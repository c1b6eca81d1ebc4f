import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fashionMnist } from './fashion-mnist.ts';

const FOLDER = '/usr/share/datasets/fashion-mnist';

test.skipIf(!existsSync(FOLDER))(`fashionMnist finds the Debian package (skipped without ${FOLDER})`, async () => {
  const { x, labels, classNames } = await fashionMnist({ split: 'test' });
  expect(x.shape).toEqual([10000, 28, 28, 1]);
  // The first five test labels, as the authors' files have them.
  expect(Array.from(labels.subarray(0, 5), (label) => classNames![label])).toEqual([
    'Ankle boot',
    'Pullover',
    'Trouser',
    'Trouser',
    'Shirt',
  ]);
  for (let label = 0; label < 10; label++) expect(labels.filter((other) => other === label)).toHaveLength(1000);
});

test('fashionMnist says where it looked and how to get it', async () => {
  const error = await fashionMnist({ folder: '/no/such/folder' }).catch((thrown: unknown) => thrown as Error);
  expect(error).toMatchInlineSnapshot(
    `[SimileError: fashion-mnist: the train files must be in one of the places tried: /no/such/folder (no train-images-idx3-ubyte). Leave folder out to look elsewhere too, or give files, folder or baseUrl. [ERR_FILE]]`,
  );
});
