import type { RowDistance } from './retrieval.ts';

/** What {@link orderOfGallery} ranks. */
export interface Ranking {
  readonly queries: Float32Array;
  readonly gallery: Float32Array;
  readonly dimension: number;
  /** Undefined for cosine. */
  readonly distance: RowDistance | undefined;
  /** Row of the gallery to leave out; −1 for none. */
  readonly selfOf: (query: number) => number;
  /** Ranks wanted. */
  readonly ranksOf: (query: number) => number;
}

/** Queries ranked at once: they share each read of a row. */
const BLOCK = 4;

/**
 * Calls `use` with the closest rows of the gallery for each query, closest first, equal ones in gallery order. Float64;
 * memory for one block of queries.
 */
export function orderOfGallery(
  ranking: Ranking,
  which: readonly number[],
  use: (query: number, order: Uint32Array) => void,
): void {
  const { gallery, dimension, selfOf, ranksOf } = ranking;
  const rows = gallery.length / dimension;
  const distances = Array.from({ length: BLOCK }, () => new Float64Array(rows));
  const inverse = ranking.distance ? undefined : inverseLengths(gallery, dimension);
  for (let begin = 0; begin < which.length; begin += BLOCK) {
    const block = which.slice(begin, begin + BLOCK);
    if (inverse) cosines(ranking, inverse, block, distances);
    else others(ranking, ranking.distance!, block, distances);
    block.forEach((query, i) => {
      const own = selfOf(query);
      if (own >= 0) distances[i]![own] = Infinity;
      const most = own >= 0 ? rows - 1 : rows;
      use(query, closest(distances[i]!, Math.min(ranksOf(query), most)));
    });
  }
}

/** 1 / length of each row; 0 for a row of zeros, which so gets cosine 0 with everything: distance 1. */
function inverseLengths(data: Float32Array, dimension: number): Float64Array {
  return Float64Array.from({ length: data.length / dimension }, (_, row) => {
    let square = 0;
    for (let j = row * dimension; j < (row + 1) * dimension; j++) square += data[j]! * data[j]!;
    return square > 1e-24 ? 1 / Math.sqrt(square) : 0;
  });
}

/** Minus the cosine, times the length of the query: ranks as the cosine distance does. */
function cosines(
  { queries, gallery, dimension }: Ranking,
  inverse: Float64Array,
  block: readonly number[],
  out: readonly Float64Array[],
): void {
  const [a, b, c, d] = Array.from({ length: BLOCK }, (_, i) => {
    const query = block[Math.min(i, block.length - 1)]!;
    return queries.slice(query * dimension, (query + 1) * dimension);
  }) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const [outA, outB, outC, outD] = out as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (let row = 0; row < inverse.length; row++) {
    let [dotA, dotB, dotC, dotD] = [0, 0, 0, 0];
    const at = row * dimension;
    for (let j = 0; j < dimension; j++) {
      const value = gallery[at + j]!;
      dotA += a[j]! * value;
      dotB += b[j]! * value;
      dotC += c[j]! * value;
      dotD += d[j]! * value;
    }
    const scale = -inverse[row]!;
    outA[row] = dotA * scale;
    outB[row] = dotB * scale;
    outC[row] = dotC * scale;
    outD[row] = dotD * scale;
  }
}

function others(
  { queries, gallery, dimension }: Ranking,
  distance: RowDistance,
  block: readonly number[],
  out: readonly Float64Array[],
): void {
  block.forEach((query, i) => {
    const vector = queries.subarray(query * dimension, (query + 1) * dimension);
    const list = out[i]!;
    for (let row = 0; row < list.length; row++) {
      list[row] = distance(vector, gallery.subarray(row * dimension, (row + 1) * dimension));
    }
  });
}

/** Positions of the `count` smallest values, ascending, equal ones by position. */
function closest(values: Float64Array, count: number): Uint32Array {
  if (count === 0) return new Uint32Array(0);
  const limit = count < values.length ? kthSmallest(values.slice(), count - 1) : Infinity;
  const nearer: number[] = [];
  for (let at = 0; at < values.length; at++) if (values[at]! <= limit) nearer.push(at);
  nearer.sort((a, b) => values[a]! - values[b]! || a - b);
  return Uint32Array.from(nearer.slice(0, count));
}

/** The value at place `k` if the values were sorted; shuffles them. Hoare's selection, O(n) on average. */
function kthSmallest(values: Float64Array, k: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = median(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const kept = values[i]!;
      values[i++] = values[j]!;
      values[j--] = kept;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return values[k]!;
  }
  return values[k]!;
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
