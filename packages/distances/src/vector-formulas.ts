/** Numbers of a vector: a Float32Array, or anything like it. */
export type Vector = ArrayLike<number>;

/** Distance between two vectors of one length; smaller is closer. For `snr`, `a` is the anchor: the query of a search. */
export type VectorDistance = (a: Vector, b: Vector) => number;

/** A vector shorter than this has no direction, and a union smaller than this is empty. */
const LEAST = 1e-12;

/** Ids of distances without a parameter. */
export type PlainName =
  | 'angular'
  | 'chebyshev'
  | 'cosine'
  | 'euclidean'
  | 'hamming'
  | 'inner-product'
  | 'jaccard'
  | 'manhattan'
  | 'snr'
  | 'squared-euclidean';

/** Their formulas. */
export const formulas: Readonly<Record<PlainName, VectorDistance>> = {
  angular: angularOf,
  chebyshev: chebyshevOf,
  cosine: cosineOf,
  euclidean: (a, b) => Math.sqrt(squaredEuclideanOf(a, b)),
  hamming: (a, b) => manhattanOf(a, b) / a.length,
  'inner-product': (a, b) => -dot(a, b),
  jaccard: jaccardOf,
  manhattan: manhattanOf,
  snr: snrOf,
  'squared-euclidean': squaredEuclideanOf,
};

/** The formula of a power, in units of the largest difference. */
export function minkowskiOf(p: number): VectorDistance {
  return (a, b) => {
    const largest = chebyshevOf(a, b);
    if (largest === 0) return 0;
    let total = 0;
    for (let k = 0; k < a.length; k++) total += (Math.abs(a[k]! - b[k]!) / largest) ** p;
    return largest * total ** (1 / p);
  };
}

/** The formula on vectors divided by their length; one without a direction becomes zeros. */
export function onUnitVectors(distance: VectorDistance): VectorDistance {
  const unit = (x: Vector): Float64Array => {
    const length = Math.sqrt(dot(x, x));
    return Float64Array.from(x, (value) => (length <= LEAST ? 0 : value / length));
  };
  return (a, b) => distance(unit(a), unit(b));
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

function chebyshevOf(a: Vector, b: Vector): number {
  let largest = 0;
  for (let k = 0; k < a.length; k++) largest = Math.max(largest, Math.abs(a[k]! - b[k]!));
  return largest;
}

function jaccardOf(a: Vector, b: Vector): number {
  let both = 0;
  for (let k = 0; k < a.length; k++) both += Math.abs(a[k]!) + Math.abs(b[k]!);
  const apart = manhattanOf(a, b);
  return (2 * apart) / Math.max(both + apart, LEAST);
}

function cosineOf(a: Vector, b: Vector): number {
  const lengthA = Math.sqrt(dot(a, a));
  const lengthB = Math.sqrt(dot(b, b));
  if (lengthA <= LEAST || lengthB <= LEAST) return 1;
  let total = 0;
  for (let k = 0; k < a.length; k++) total += (a[k]! / lengthA - b[k]! / lengthB) ** 2;
  return total / 2;
}

function angularOf(a: Vector, b: Vector): number {
  const lengthA = Math.sqrt(dot(a, a));
  const lengthB = Math.sqrt(dot(b, b));
  if (lengthA <= LEAST || lengthB <= LEAST) return Math.PI / 2;
  let apart = 0;
  let together = 0;
  for (let k = 0; k < a.length; k++) {
    apart += (a[k]! / lengthA - b[k]! / lengthB) ** 2;
    together += (a[k]! / lengthA + b[k]! / lengthB) ** 2;
  }
  return 2 * Math.atan2(Math.sqrt(apart), Math.sqrt(together));
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
  return noise / Math.max(signal, LEAST);
}
