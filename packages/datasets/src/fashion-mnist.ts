import type { LabelledItems } from '@simile/core/items';
import { loadImageDataset, type ImageDatasetOptions, type ImageDatasetSource } from './load-image-dataset.ts';

/**
 * Lengths and SHA-256 of the unpacked files: computed from the Debian package `dataset-fashion-mnist`
 * 0.0~git20200523.55506a9-1 on 24 November 2026, and equal to what several public projects list.
 */
const SOURCE: ImageDatasetSource = {
  name: 'fashion-mnist',
  splits: {
    train: {
      images: {
        name: 'train-images-idx3-ubyte',
        bytes: 47040016,
        sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      },
      labels: {
        name: 'train-labels-idx1-ubyte',
        bytes: 60008,
        sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      },
    },
    test: {
      images: {
        name: 't10k-images-idx3-ubyte',
        bytes: 7840016,
        sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      },
      labels: {
        name: 't10k-labels-idx1-ubyte',
        bytes: 10008,
        sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
      },
    },
  },
  systemFolder: '/usr/share/datasets/fashion-mnist',
  urls: [
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  ],
  install: 'On Debian or Ubuntu, run apt install dataset-fashion-mnist',
  classNames: [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ],
};

/**
 * Fashion-MNIST: pictures of clothes and shoes, 28 × 28 grey levels, in the form of MNIST. 60,000 to train, 10,000 to
 * test, in file order. `classNames` says what the ten classes are.
 *
 * | part     | type       | values                                                                |
 * | -------- | ---------- | --------------------------------------------------------------------- |
 * | `x`      | uint8      | `[n, 28, 28, 1]`, 0 (background) to 255, not scaled                   |
 * | `labels` | Int32Array | `[n]`, 0 to 9                                                         |
 *
 * Looked for in this order: `files` or `folder` where given (and then nowhere else); the Debian package
 * `dataset-fashion-mnist`; the cache; a download, checked by SHA-256 and kept in the cache.
 *
 * @throws `ERR_FILE` when it is in none of these places, with a list of what was tried; `ERR_DATA` when what was found
 *   is damaged; `ERR_OPTION`; `ERR_ABORTED`.
 * @see Xiao, Rasul & Vollgraf, “Fashion-MNIST”, 2017: https://arxiv.org/abs/1708.07747
 * @example
 * const { labels, classNames } = await fashionMnist({ split: 'test' }); // labels[0] is 9, classNames[9] 'Ankle boot'
 */
export function fashionMnist(options: ImageDatasetOptions = {}): Promise<LabelledItems<Uint8Array>> {
  return loadImageDataset(SOURCE, options);
}
