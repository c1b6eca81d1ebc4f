import type { Augmenter } from '@simile/core';
import { checkInteger, checkNames, checkNotNegative } from '@simile/core/errors';
import { type Items, sliceItems } from '@simile/core/items';
import type { Random } from '@simile/core/random';
import { inverseAffine } from './affine-map.ts';
import { type AugmentationRange, uniformFrom } from './augmentation-range.ts';
import { cubicTaps, spreadCubic } from './cubic-taps.ts';
import { imageSize } from './images.ts';
import { sampleBilinear } from './sample-bilinear.ts';

/** Options of {@link randomWarp}. */
export interface RandomWarpOptions {
  /** Turn about the centre in degrees, counter-clockwise as seen. Default 0. */
  rotation?: AugmentationRange;
  /** Natural logarithm of the scale, drawn for each axis; above 0 is larger. Default 0. */
  logScale?: AugmentationRange;
  /** Pixels to the right for each pixel down. Default 0. */
  shear?: AugmentationRange;
  /** Pixels, drawn for each axis; above 0 is to the right, and down. Default 0. */
  shift?: AugmentationRange;
  /** Elastic displacement on top; see {@link ElasticOptions}. Default none. */
  elastic?: ElasticOptions;
}

/** A smooth random field that moves pixels. */
export interface ElasticOptions {
  /** Random displacements along a side of the image, which a bicubic surface joins; a whole number above 0. Default 5. */
  grid?: number;
  /** Standard deviation of each in pixels, 0 or more. Default 0.8. */
  deviation?: number;
}

/**
 * Turns, scales, shears, shifts and bends images at random, each in its own way, with one bilinear sampling for all of it;
 * what comes from outside is 0. The order is scale, shear, turn, shift about the centre, then the elastic displacement.
 * A number r as range draws uniformly from −r to r, a pair from its first to its second.
 *
 * | items  | shape                     | type                  | values                                      |
 * | ------ | ------------------------- | --------------------- | ------------------------------------------- |
 * | given  | `[n, h, w]`, `[n, h, w, c]` | uint8, int32, float32 | any                                         |
 * | result | the same                  | float32               | between the least and largest given, and 0 |
 *
 * Cost: O(n·h·w·c); a batch of 84 MNIST images takes 2 to 3 ms with all options.
 *
 * @throws `ERR_OPTION`; the augmenter throws `ERR_SHAPE` for items that are not images.
 * @see Simard, Steinkraus & Platt, “Best practices for convolutional neural networks applied to visual document
 *   analysis”, ICDAR 2003, section 2 (affine and elastic distortions; theirs smooths a dense field, ours a coarse one).
 * @example
 * const augment = randomWarp({ rotation: [90, 90] });
 * augment({ data: new Uint8Array([1, 2, 3, 4]), shape: [1, 2, 2] }, createRandom(0)).data; // [2, 4, 1, 3]
 */
export function randomWarp(options: RandomWarpOptions = {}): Augmenter {
  const { rotation = 0, logScale = 0, shear = 0, shift = 0, elastic } = options;
  checkNames(ID, options, ['rotation', 'logScale', 'shear', 'shift', 'elastic']);
  const draw = {
    rotation: uniformFrom(ID, 'rotation', rotation),
    logScale: uniformFrom(ID, 'logScale', logScale),
    shear: uniformFrom(ID, 'shear', shear),
    shift: uniformFrom(ID, 'shift', shift),
  };
  const bend = elastic && checkElastic(elastic);

  return (x, random) => {
    const size = imageSize(ID, x);
    const source: Items<Float32Array> = { data: asFloats(x), shape: x.shape };
    const target: Items<Float32Array> = { data: new Float32Array(x.data.length), shape: x.shape };
    const field = bend && displacementField(bend, size);
    for (let i = 0; i < size.count; i++) {
      const change = {
        rotation: draw.rotation(random),
        logScaleX: draw.logScale(random),
        logScaleY: draw.logScale(random),
        shear: draw.shear(random),
        shiftX: draw.shift(random),
        shiftY: draw.shift(random),
      };
      const map = inverseAffine(change, size.height, size.width);
      sampleBilinear(sliceItems(source, i, i + 1).data, sliceItems(target, i, i + 1).data, size, map, field?.(random));
    }
    return target;
  };
}

const ID = 'random-warp';

function checkElastic(options: ElasticOptions): Required<ElasticOptions> {
  const { grid = 5, deviation = 0.8 } = options;
  checkNames(ID, options, ['grid', 'deviation']);
  checkInteger(ID, { grid }, 1);
  checkNotNegative(ID, { deviation });
  return { grid, deviation };
}

function asFloats({ data }: Items): Float32Array {
  return data instanceof Float32Array ? data : new Float32Array(data);
}

/** Draws one field after another, into the same memory. */
function displacementField({ grid, deviation }: Required<ElasticOptions>, size: { height: number; width: number }) {
  const down = cubicTaps(grid, size.height);
  const across = cubicTaps(grid, size.width);
  const knots = new Float64Array(grid * grid);
  const field = { x: new Float64Array(size.height * size.width), y: new Float64Array(size.height * size.width) };
  return (random: Random) => {
    for (const axis of [field.x, field.y]) {
      for (let i = 0; i < knots.length; i++) knots[i] = random.normal(0, deviation);
      spreadCubic(knots, down, across, axis);
    }
    return field;
  };
}
