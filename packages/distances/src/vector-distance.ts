import { SimileError } from '@simile/core/errors';
import {
  formulas,
  minkowskiOf,
  onUnitVectors,
  type PlainName,
  type Vector,
  type VectorDistance,
} from './vector-formulas.ts';

export type { PlainName, Vector, VectorDistance };

/** Ids of distances that have a normalised form; the others look at directions alone, or at sets. */
type LengthName = Exclude<PlainName, 'angular' | 'cosine' | 'hamming' | 'jaccard'> | `minkowski-${number}`;

/** Ids of the distances that tensors, typed arrays and an index share. */
export type DistanceName = PlainName | `minkowski-${number}` | `normalized-${LengthName}`;

/**
 * The ids without a parameter, in alphabetical order. Beside these there are `minkowski-P` for a power P from 1 to 1000, and `normalized-`
 * before one that depends on the length of vectors; {@link isDistanceName} knows them all.
 */
export const distanceNames: readonly PlainName[] = Object.keys(formulas) as PlainName[];

/**
 * Whether a text is the id of a distance.
 *
 * @example
 * isDistanceName('minkowski-3'); // true
 */
export function isDistanceName(name: string): name is DistanceName {
  return distanceOf(name) !== undefined;
}

/**
 * Each value must be the id of a distance: for an option that takes one.
 *
 * @throws `ERR_OPTION`
 * @example
 * checkDistanceName('my-index', { metric: 'minkowski-3' });
 */
export function checkDistanceName(where: string, options: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (distanceOf(value)) continue;
    throw new SimileError({
      where,
      rule: `${name} must be one of ${distanceNames.join(', ')}, or minkowski-P with P from 1 to 1000, or normalized- before one that depends on length`,
      got: value,
      remedy: 'Check the spelling.',
      code: 'ERR_OPTION',
    });
  }
}

/**
 * A distance of this package on plain vectors, in float64 arithmetic, without a tensor: for indices, metrics and tests.
 * The definitions are those of the tensor form, special cases included: a vector shorter than 1e-12 is at cosine distance
 * 1 of everything, and the variance of an `snr` anchor counts as 1e-12 at least.
 *
 * @param name One of {@link distanceNames}, `minkowski-3` with any power, or `normalized-euclidean` and its like.
 * @returns A function of two vectors of one length; it throws `ERR_SHAPE` when their lengths differ. O(d) time; no memory, but for
 *   the normalised ones.
 * @throws `ERR_OPTION` for another name
 * @example
 * const distance = vectorDistance('euclidean');
 * distance(Float32Array.of(0, 0), Float32Array.of(3, 4)); // 5
 */
export function vectorDistance(name: DistanceName): VectorDistance {
  checkDistanceName('vector-distance', { name });
  const distance = distanceOf(name)!;
  return (a, b) => {
    checkLengths(name, a, b);
    return distance(a, b);
  };
}

const WITHOUT_LENGTH: readonly string[] = ['angular', 'cosine', 'hamming', 'jaccard'];

function distanceOf(name: string): VectorDistance | undefined {
  if (Object.hasOwn(formulas, name)) return formulas[name as PlainName];
  const power = /^minkowski-(\d+(?:\.\d+)?)$/.exec(name)?.[1];
  if (power !== undefined) return Number(power) >= 1 && Number(power) <= 1000 ? minkowskiOf(Number(power)) : undefined;
  const base = /^normalized-(?!normalized-)(.*)$/.exec(name)?.[1];
  const distance = base === undefined || WITHOUT_LENGTH.includes(base) ? undefined : distanceOf(base);
  return distance && onUnitVectors(distance);
}

function checkLengths(where: string, a: Vector, b: Vector): void {
  if (a.length === b.length) return;
  throw new SimileError({
    where,
    rule: `both vectors must have ${a.length} numbers, the length of the first`,
    got: b.length,
    remedy: 'Compare vectors of one model.',
    code: 'ERR_SHAPE',
  });
}
