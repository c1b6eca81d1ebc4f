export { cosine } from './cosine.ts';
export { euclidean } from './euclidean.ts';
export { innerProduct } from './inner-product.ts';
export { manhattan } from './manhattan.ts';
export { default as distancesPlugin } from './plugin.ts';
export { snr } from './snr.ts';
export { squaredEuclidean } from './squared-euclidean.ts';
