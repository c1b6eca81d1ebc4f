import { checkOneOf, SimileError } from '@simile/core/errors';

/** Numbers of a vector: a Float32Array, or anything like it. */
export type Vector = ArrayLike<number>;

/** Distance between two vectors of one length; smaller is closer. For `snr`, `a` is the anchor: the query of a search. */
export type VectorDistance = (a: Vector, b: Vector) => number;

/** Ids of the distances that tensors, typed arrays and an index share. */
export type DistanceName = 'cosine' | 'euclidean' | 'squared-euclidean' | 'manhattan' | 'inner-product' | 'snr';

/** The ids, in alphabetical order. */
export const distanceNames: readonly DistanceName[] = [
  'cosine',
  'euclidean',
  'inner-product',
  'manhattan',
  'snr',
  'squared-euclidean',
];

const distances: Readonly<Record<DistanceName, VectorDistance>> = {
  cosine: cosineOf,
  euclidean: (a, b) => Math.sqrt(squaredEuclideanOf(a, b)),
  'inner-product': (a, b) => -dot(a, b),
  manhattan: manhattanOf,
  snr: snrOf,
  'squared-euclidean': squaredEuclideanOf,
};

/**
 * A distance of this package on plain vectors, in float64 arithmetic, without a tensor: for indices, metrics and tests.
 * The definitions are those of the tensor form, special cases included: a vector shorter than 1e-12 is at cosine distance
 * 1 of everything, and the variance of an `snr` anchor counts as 1e-12 at least.
 *
 * @param name One of {@link distanceNames}.
 * @returns A function of two vectors of one length; it throws `ERR_SHAPE` when their lengths differ. O(d) time, no memory.
 * @throws `ERR_OPTION` for another name
 * @example
 * const distance = vectorDistance('euclidean');
 * distance(Float32Array.of(0, 0), Float32Array.of(3, 4)); // 5
 */
export function vectorDistance(name: DistanceName): VectorDistance {
  checkOneOf('vector-distance', { name }, distanceNames);
  const distance = distances[name];
  return (a, b) => {
    checkLengths(name, a, b);
    return distance(a, b);
  };
}

function dot(a: Vector, b: Vector): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += a[k]! * b[k]!;
  return total;
}

function squaredEuclideanOf(a: Vector, b: Vector): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += (a[k]! - b[k]!) ** 2;
  return total;
}

function manhattanOf(a: Vector, b: Vector): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += Math.abs(a[k]! - b[k]!);
  return total;
}

function cosineOf(a: Vector, b: Vector): number {
  const lengthA = Math.sqrt(dot(a, a));
  const lengthB = Math.sqrt(dot(b, b));
  if (lengthA <= 1e-12 || lengthB <= 1e-12) return 1;
  let total = 0;
  for (let k = 0; k < a.length; k++) total += (a[k]! / lengthA - b[k]! / lengthB) ** 2;
  return total / 2;
}

function snrOf(a: Vector, b: Vector): number {
  let meanA = 0;
  let meanB = 0;
  for (let k = 0; k < a.length; k++) {
    meanA += a[k]! / a.length;
    meanB += b[k]! / a.length;
  }
  let signal = 0;
  let noise = 0;
  for (let k = 0; k < a.length; k++) {
    const centred = a[k]! - meanA;
    signal += centred ** 2 / a.length;
    noise += (centred - (b[k]! - meanB)) ** 2 / a.length;
  }
  return noise / Math.max(signal, 1e-12);
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
