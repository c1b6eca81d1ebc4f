import type { Augmenter } from '@simile/core';
import { randomFlip, type RandomFlipOptions } from './random-flip.ts';

/** Options of {@link flip}. */
export type FlipOptions = Pick<RandomFlipOptions, 'axis'>;

/**
 * Turns every image over: {@link randomFlip} with certainty.
 *
 * @throws `ERR_OPTION`; the augmenter throws `ERR_SHAPE` for items that are not images.
 * @example
 * const augment = flip({ axis: 'vertical' });
 * augment({ data: new Uint8Array([1, 2, 3, 4]), shape: [1, 2, 2] }, createRandom(0)).data; // [3, 4, 1, 2]
 */
export function flip(options: FlipOptions = {}): Augmenter {
  return randomFlip({ ...options, probability: 1 });
}
