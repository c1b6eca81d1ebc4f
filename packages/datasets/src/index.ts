export type { DownloadProgress } from './download.ts';
export { fashionMnist } from './fashion-mnist.ts';
export type { FileBytes, ImageDatasetOptions } from './load-image-dataset.ts';
export { mnist } from './mnist.ts';
export { default as datasetsPlugin } from './plugin.ts';
export { readIdx, type ReadIdxOptions } from './read-idx.ts';
