import type { Augmenter } from '@simile/core';
import { checkNames } from '@simile/core/errors';
import { randomWarp, type RandomWarpOptions } from './random-warp.ts';

/** Options of {@link randomAffine}: those of {@link randomWarp} without `elastic`. */
export type RandomAffineOptions = Omit<RandomWarpOptions, 'elastic'>;

/**
 * Turns, scales, shears and shifts images at random, each in its own way, with one bilinear sampling; what comes from
 * outside is 0. With elastic displacement too, use {@link randomWarp}, which samples once for both.
 *
 * Shapes, types and cost are those of {@link randomWarp}.
 *
 * @throws `ERR_OPTION`; the augmenter throws `ERR_SHAPE` for items that are not images.
 * @see Simard, Steinkraus & Platt, “Best practices for convolutional neural networks applied to visual document
 *   analysis”, ICDAR 2003, section 2.
 * @example
 * const augment = randomAffine({ shift: [1, 1] }); // one pixel to the right and one down
 * augment({ data: new Uint8Array([1, 2, 3, 4]), shape: [1, 2, 2] }, createRandom(0)).data; // [0, 0, 0, 1]
 */
export function randomAffine(options: RandomAffineOptions = {}): Augmenter {
  checkNames('random-affine', options, ['rotation', 'logScale', 'shear', 'shift']);
  return randomWarp(options);
}
