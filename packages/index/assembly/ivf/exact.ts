// Distances in float64 by the formulas of `vectorDistance`, four values at a time.

import { Context, Layout, rowAt } from './layout';

/** Below this length a vector has no direction. */
const NO_DIRECTION: f64 = 1e-12;

/** Writes the distance of each of the context's slots from its query, in the unit of the metric. `root`: for euclidean. */
export function exactDistances(layout: Layout, context: Context, root: i32): void {
  const metric = layout.metric;
  const query = context.query;
  const end = (<usize>layout.width) << 2;
  const scale = metric == 0 ? inverse(sqrt(squareOf(query, end))) : 0;
  let to = context.distances;
  const last = context.slots + ((<usize>context.kept) << 2);
  for (let at = context.slots; at < last; at += 4) {
    const row = rowAt(layout, load<u32>(at));
    let distance: f64 = 0;
    if (metric == 0) distance = cosine(query, row, end, scale);
    else if (metric == 1) distance = -productOf(query, row, end);
    else if (metric == 2) distance = differenceOf(query, row, end, 1, 1);
    else distance = signalToNoise(query, row, layout.dimension);
    store<f64>(to, root ? sqrt(distance) : distance);
    to += 8;
  }
}

/** Puts the context's slots and distances in the order of the distances: Shell's way, each gap four ninths of the one before. */
export function sortByDistance(context: Context): void {
  const slots = context.slots;
  const distances = context.distances;
  const count = context.kept;
  let gap = count;
  while (gap > 1) {
    gap = max(1, (gap * 4) / 9);
    for (let i = gap; i < count; i++) {
      const distance = load<f64>(distances + ((<usize>i) << 3));
      const slot = load<u32>(slots + ((<usize>i) << 2));
      let j = i;
      while (j >= gap) {
        const other = load<f64>(distances + ((<usize>(j - gap)) << 3));
        if (other <= distance) break;
        store<f64>(distances + ((<usize>j) << 3), other);
        store<u32>(slots + ((<usize>j) << 2), load<u32>(slots + ((<usize>(j - gap)) << 2)));
        j -= gap;
      }
      store<f64>(distances + ((<usize>j) << 3), distance);
      store<u32>(slots + ((<usize>j) << 2), slot);
    }
  }
}

// @inline
function value(row: usize, at: usize): f64 {
  return <f64>load<f32>(row + at);
}

/** Two values of a row as float64. */
// @inline
function pair(row: usize, at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(row + at));
}

/** Σ x², four values at a time. The scalar form adds in the same order. */
// @inline
function squareOf(row: usize, end: usize): f64 {
  if (ASC_FEATURE_SIMD) {
    let s = f64x2.splat(0);
    let t = f64x2.splat(0);
    for (let at: usize = 0; at < end; at += 16) {
      const x = pair(row, at);
      const y = pair(row, at + 8);
      s = f64x2.add(s, f64x2.mul(x, x));
      t = f64x2.add(t, f64x2.mul(y, y));
    }
    s = f64x2.add(s, t);
    return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  }
  let s0: f64 = 0;
  let s1: f64 = 0;
  let t0: f64 = 0;
  let t1: f64 = 0;
  for (let at: usize = 0; at < end; at += 16) {
    s0 += value(row, at) * value(row, at);
    s1 += value(row, at + 4) * value(row, at + 4);
    t0 += value(row, at + 8) * value(row, at + 8);
    t1 += value(row, at + 12) * value(row, at + 12);
  }
  return s0 + t0 + (s1 + t1);
}

/** Σ (q·scaleQ − x·scaleX)², likewise. */
// @inline
function differenceOf(q: usize, row: usize, end: usize, scaleQ: f64, scaleX: f64): f64 {
  if (ASC_FEATURE_SIMD) {
    const byQ = f64x2.splat(scaleQ);
    const byX = f64x2.splat(scaleX);
    let s = f64x2.splat(0);
    let t = f64x2.splat(0);
    for (let at: usize = 0; at < end; at += 16) {
      const x = f64x2.sub(f64x2.mul(pair(q, at), byQ), f64x2.mul(pair(row, at), byX));
      const y = f64x2.sub(f64x2.mul(pair(q, at + 8), byQ), f64x2.mul(pair(row, at + 8), byX));
      s = f64x2.add(s, f64x2.mul(x, x));
      t = f64x2.add(t, f64x2.mul(y, y));
    }
    s = f64x2.add(s, t);
    return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  }
  let s0: f64 = 0;
  let s1: f64 = 0;
  let t0: f64 = 0;
  let t1: f64 = 0;
  for (let at: usize = 0; at < end; at += 16) {
    const a = value(q, at) * scaleQ - value(row, at) * scaleX;
    const b = value(q, at + 4) * scaleQ - value(row, at + 4) * scaleX;
    const c = value(q, at + 8) * scaleQ - value(row, at + 8) * scaleX;
    const d = value(q, at + 12) * scaleQ - value(row, at + 12) * scaleX;
    s0 += a * a;
    s1 += b * b;
    t0 += c * c;
    t1 += d * d;
  }
  return s0 + t0 + (s1 + t1);
}

/** Half the square of the difference of directions; 1 where there is none. */
// @inline
function cosine(q: usize, row: usize, end: usize, scale: f64): f64 {
  const scaleX = inverse(sqrt(squareOf(row, end)));
  return scale * scaleX > 0 ? differenceOf(q, row, end, scale, scaleX) * 0.5 : 1;
}

/** Σ q·x, likewise. */
// @inline
function productOf(q: usize, row: usize, end: usize): f64 {
  if (ASC_FEATURE_SIMD) {
    let s = f64x2.splat(0);
    let t = f64x2.splat(0);
    for (let at: usize = 0; at < end; at += 16) {
      s = f64x2.add(s, f64x2.mul(pair(q, at), pair(row, at)));
      t = f64x2.add(t, f64x2.mul(pair(q, at + 8), pair(row, at + 8)));
    }
    s = f64x2.add(s, t);
    return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  }
  let s0: f64 = 0;
  let s1: f64 = 0;
  let t0: f64 = 0;
  let t1: f64 = 0;
  for (let at: usize = 0; at < end; at += 16) {
    s0 += value(q, at) * value(row, at);
    s1 += value(q, at + 4) * value(row, at + 4);
    t0 += value(q, at + 8) * value(row, at + 8);
    t1 += value(q, at + 12) * value(row, at + 12);
  }
  return s0 + t0 + (s1 + t1);
}

/** 1 / length; 0 where there is no direction. */
// @inline
function inverse(length: f64): f64 {
  return length > NO_DIRECTION ? 1 / length : 0;
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
