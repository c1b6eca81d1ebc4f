// Distances in float64 by the formulas of `vectorDistance`, four rows side by side so that their additions overlap.

import { Context, Layout, rowAt } from './layout';

/** Below this length a vector has no direction. */
const NO_DIRECTION: f64 = 1e-12;

/** Writes the distance of each of the context's slots from its query, in the unit of the metric. `root`: for euclidean. */
export function exactDistances(layout: Layout, context: Context, root: i32): void {
  const count = context.kept;
  const metric = layout.metric;
  const dimension = layout.dimension;
  const query = context.query;
  const queryLength = metric == 0 ? lengthOf(query, dimension) : 0;
  for (let i = 0; i < count; i += 4) {
    const a = rowOf(layout, context, i);
    const b = rowOf(layout, context, min(i + 1, count - 1));
    const c = rowOf(layout, context, min(i + 2, count - 1));
    const d = rowOf(layout, context, min(i + 3, count - 1));
    const to = context.distances + ((<usize>i) << 3);
    if (metric == 0) cosine(query, a, b, c, d, dimension, queryLength, to);
    else if (metric == 3) {
      store<f64>(to, signalToNoise(query, a, dimension));
      store<f64>(to, signalToNoise(query, b, dimension), 8);
      store<f64>(to, signalToNoise(query, c, dimension), 16);
      store<f64>(to, signalToNoise(query, d, dimension), 24);
    } else if (metric == 1) sums<f32>(query, a, b, c, d, dimension, 0, to);
    else sums<i32>(query, a, b, c, d, dimension, root, to);
  }
}

// @inline
function rowOf(layout: Layout, context: Context, i: i32): usize {
  return rowAt(layout, load<u32>(context.slots + ((<usize>i) << 2)));
}

// @inline
function value(row: usize, at: usize): f64 {
  return <f64>load<f32>(row + at);
}

function lengthOf(row: usize, dimension: i32): f64 {
  let square: f64 = 0;
  for (let at: usize = 0; at < (<usize>dimension) << 2; at += 4) square += value(row, at) * value(row, at);
  return sqrt(square);
}

/** Half the square of the difference of directions; 1 where there is none. */
function cosine(q: usize, a: usize, b: usize, c: usize, d: usize, dimension: i32, length: f64, to: usize): void {
  const end = (<usize>dimension) << 2;
  let squareA: f64 = 0;
  let squareB: f64 = 0;
  let squareC: f64 = 0;
  let squareD: f64 = 0;
  for (let at: usize = 0; at < end; at += 4) {
    squareA += value(a, at) * value(a, at);
    squareB += value(b, at) * value(b, at);
    squareC += value(c, at) * value(c, at);
    squareD += value(d, at) * value(d, at);
  }
  const scale = inverse(length);
  const scaleA = inverse(sqrt(squareA));
  const scaleB = inverse(sqrt(squareB));
  const scaleC = inverse(sqrt(squareC));
  const scaleD = inverse(sqrt(squareD));
  let sumA: f64 = 0;
  let sumB: f64 = 0;
  let sumC: f64 = 0;
  let sumD: f64 = 0;
  for (let at: usize = 0; at < end; at += 4) {
    const x = value(q, at) * scale;
    const differenceA = x - value(a, at) * scaleA;
    const differenceB = x - value(b, at) * scaleB;
    const differenceC = x - value(c, at) * scaleC;
    const differenceD = x - value(d, at) * scaleD;
    sumA += differenceA * differenceA;
    sumB += differenceB * differenceB;
    sumC += differenceC * differenceC;
    sumD += differenceD * differenceD;
  }
  store<f64>(to, scale * scaleA > 0 ? sumA * 0.5 : 1);
  store<f64>(to, scale * scaleB > 0 ? sumB * 0.5 : 1, 8);
  store<f64>(to, scale * scaleC > 0 ? sumC * 0.5 : 1, 16);
  store<f64>(to, scale * scaleD > 0 ? sumD * 0.5 : 1, 24);
}

/** 1 / length; 0 where there is no direction. */
// @inline
function inverse(length: f64): f64 {
  return length > NO_DIRECTION ? 1 / length : 0;
}

/** Minus the products, or sums of squared differences or their roots. */
// @inline
function sums<Kind>(q: usize, a: usize, b: usize, c: usize, d: usize, dimension: i32, root: i32, to: usize): void {
  let sumA: f64 = 0;
  let sumB: f64 = 0;
  let sumC: f64 = 0;
  let sumD: f64 = 0;
  for (let at: usize = 0; at < (<usize>dimension) << 2; at += 4) {
    const x = value(q, at);
    sumA += term<Kind>(x, value(a, at));
    sumB += term<Kind>(x, value(b, at));
    sumC += term<Kind>(x, value(c, at));
    sumD += term<Kind>(x, value(d, at));
  }
  store<f64>(to, root ? sqrt(sumA) : sumA);
  store<f64>(to, root ? sqrt(sumB) : sumB, 8);
  store<f64>(to, root ? sqrt(sumC) : sumC, 16);
  store<f64>(to, root ? sqrt(sumD) : sumD, 24);
}

// @inline
function term<Kind>(x: f64, y: f64): f64 {
  if (isFloat<Kind>()) return -(x * y);
  return (x - y) * (x - y);
}

function signalToNoise(query: usize, row: usize, dimension: i32): f64 {
  const size = <f64>dimension;
  const end = (<usize>dimension) << 2;
  let meanQ: f64 = 0;
  let meanX: f64 = 0;
  for (let at: usize = 0; at < end; at += 4) {
    meanQ += value(query, at) / size;
    meanX += value(row, at) / size;
  }
  let signal: f64 = 0;
  let noise: f64 = 0;
  for (let at: usize = 0; at < end; at += 4) {
    const x = value(query, at) - meanQ;
    const difference = x - (value(row, at) - meanX);
    signal += (x * x) / size;
    noise += (difference * difference) / size;
  }
  return noise / max(signal, 1e-12);
}
