import type { Augmenter } from '@simile/core';
import { checkNames, checkOneOf, checkRange } from '@simile/core/errors';
import { flipItems, sliceItems, type Items } from '@simile/core/items';
import { imageSize } from './images.ts';

/** Options of {@link randomFlip}. */
export interface RandomFlipOptions {
  /** `'horizontal'` swaps left and right, `'vertical'` top and bottom. Default `'horizontal'`. */
  axis?: 'horizontal' | 'vertical';
  /** Chance of each image to be turned over, from 0 to 1. Default 0.5. */
  probability?: number;
}

/**
 * Turns each image over, or leaves it, at random. Images `[n, h, w]` or `[n, h, w, c]` of any number type; the result has
 * the same shape, is float32, and holds the same values. Cost: O(values).
 *
 * @throws `ERR_OPTION`; the augmenter throws `ERR_SHAPE` for items that are not images.
 * @see Krizhevsky, Sutskever & Hinton, “ImageNet classification with deep convolutional neural networks”, NIPS 2012,
 *   section 4.1.
 * @example
 * const augment = randomFlip({ probability: 1 });
 * augment({ data: new Uint8Array([1, 2, 3, 4]), shape: [1, 2, 2] }, createRandom(0)).data; // [2, 1, 4, 3]
 */
export function randomFlip(options: RandomFlipOptions = {}): Augmenter {
  const { axis = 'horizontal', probability = 0.5 } = options;
  checkNames('random-flip', options, ['axis', 'probability']);
  checkOneOf('random-flip', { axis }, ['horizontal', 'vertical']);
  checkRange('random-flip', { probability }, 0, 1);
  return (x, random) => {
    const { count } = imageSize('random-flip', x);
    const result: Items<Float32Array> = { data: new Float32Array(x.data), shape: x.shape };
    for (let i = 0; i < count; i++) {
      if (random.uniform() < probability) flipItems(sliceItems(result, i, i + 1), axis);
    }
    return result;
  };
}
