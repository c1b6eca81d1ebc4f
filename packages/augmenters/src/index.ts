export { augmentWith } from './augment-with.ts';
export type { AugmentationRange } from './augmentation-range.ts';
export { elasticDisplacement } from './elastic-displacement.ts';
export { flip, type FlipOptions } from './flip.ts';
export { randomAffine, type RandomAffineOptions } from './random-affine.ts';
export { randomFlip, type RandomFlipOptions } from './random-flip.ts';
export { type ElasticOptions, randomWarp, type RandomWarpOptions } from './random-warp.ts';
