import { SimileError } from '@simile/core/errors';
import type { Random } from '@simile/core/random';

/** What is drawn uniformly for each image: from −r to r for a number r, from low to high for a pair. */
export type AugmentationRange = number | readonly [low: number, high: number];

/** Checks a range and returns what draws from it. @throws `ERR_OPTION` */
export function uniformFrom(where: string, name: string, range: AugmentationRange): (random: Random) => number {
  const [low, high] = typeof range === 'number' ? [-range, range] : range;
  if (!Number.isFinite(low) || !Number.isFinite(high) || !(low <= high)) {
    throw new SimileError({
      where,
      rule: `${name} must be a finite number of at least 0, or a pair of finite numbers, the lower first`,
      got: range,
      remedy: `Leave ${name} out to use the default.`,
      code: 'ERR_OPTION',
    });
  }
  return (random) => random.uniform(low, high);
}
