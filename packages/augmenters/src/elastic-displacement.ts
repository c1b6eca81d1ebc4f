import type { Augmenter } from '@simile/core';
import { type ElasticOptions, randomWarp } from './random-warp.ts';

/**
 * Bends images at random: a coarse grid of normal displacements, joined by a bicubic surface, says where each pixel comes
 * from. One bilinear sampling; what comes from outside is 0. With turns and the like too, use {@link randomWarp}, which
 * samples once for all.
 *
 * Shapes, types and cost are those of {@link randomWarp}.
 *
 * @throws `ERR_OPTION`; the augmenter throws `ERR_SHAPE` for items that are not images.
 * @see Simard, Steinkraus & Platt, “Best practices for convolutional neural networks applied to visual document
 *   analysis”, ICDAR 2003, section 2 (theirs smooths a dense field with a Gaussian).
 * @example
 * const augment = elasticDisplacement({ grid: 5, deviation: 0.8 });
 * augment({ data: new Uint8Array(2 * 28 * 28), shape: [2, 28, 28, 1] }, createRandom(1)).shape; // [2, 28, 28, 1]
 */
export function elasticDisplacement(options: ElasticOptions = {}): Augmenter {
  return randomWarp({ elastic: options });
}
