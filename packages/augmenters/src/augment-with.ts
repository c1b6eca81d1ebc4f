import type { Augmenter } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { checkItems, type Items } from '@simile/core/items';

/**
 * One augmenter out of several, applied in the order given. Each draws from a stream of random numbers of its own, so
 * what one draws does not change what the others do. None at all turns items into float32 and leaves them as they are.
 *
 * @throws `ERR_OPTION` for a step that is not a function; the augmenter throws what its steps throw.
 * @example
 * const augment = augmentWith(flip(), randomWarp({ shift: [1, 1] })); // turned over, then one pixel to the right and down
 * augment({ data: new Uint8Array([1, 2, 3, 4]), shape: [1, 2, 2] }, createRandom(0)).data; // [0, 0, 0, 2]
 */
export function augmentWith(...steps: readonly Augmenter[]): Augmenter {
  for (const step of steps) {
    if (typeof step === 'function') continue;
    throw new SimileError({
      where: 'augment-with',
      rule: 'each step must be an augmenter, a function of items and random numbers',
      got: step,
      remedy: 'Call the factory: randomFlip(), not its options.',
      code: 'ERR_OPTION',
    });
  }
  return (x, random) => {
    checkItems('augment-with', x);
    const streams = steps.map((_, i) => random.fork(`${i} at ${random.seed()}`));
    let items: Items<Float32Array> = { data: new Float32Array(x.data), shape: x.shape };
    for (const [i, step] of steps.entries()) items = step(items, streams[i]!);
    return items;
  };
}
