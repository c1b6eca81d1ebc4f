// Writes the digits and clothes that the playground ships: node --conditions=source data/make-subsets.ts
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fashionMnist, mnist } from '@simile/datasets';
import { firstOfEach, writeIdx } from './subset.ts';

const SUBSETS = [
  { folder: 'mnist', load: mnist, examplesPerClass: { train: 200, test: 50 } },
  { folder: 'fashion-mnist', load: fashionMnist, examplesPerClass: { train: 100, test: 30 } },
];

for (const { folder, load, examplesPerClass } of SUBSETS) {
  const target = join(import.meta.dirname, folder);
  await mkdir(target, { recursive: true });
  for (const split of ['train', 'test'] as const) {
    const { x, labels } = firstOfEach(await load({ split }), examplesPerClass[split]);
    const name = split === 'train' ? 'train' : 't10k';
    const images = writeIdx(x.data, x.shape.slice(0, 3));
    await writeFile(join(target, `${name}-images-idx3-ubyte.gz`), gzipSync(images, { level: 9 }));
    await writeFile(
      join(target, `${name}-labels-idx1-ubyte.gz`),
      gzipSync(writeIdx(labels, [labels.length]), { level: 9 }),
    );
  }
}
