// Products of rows with every centroid in int16: a row and the centroids are scaled so that a sum stays below 2^29.
//
// Centroids come in groups of 16. In a group, values 2p and 2p + 1 of all 16 take 64 bytes: lane l of vector v is the pair of
// centroid 4v + l. So a lane is a centroid, and nothing is summed across lanes.

import { Layout } from './layout';
import { sumOfProducts } from './sums';

/** A shorter row counts as one of zeros. */
const LEAST: f32 = 1e-18;
/** Length of a row as int16. */
const LENGTH: f32 = 16384;

/** Writes a row as int16, with zeros up to a multiple of 16, and returns the value of one step; 0 for a row of zeros. */
export function shorten(row: usize, width: i32, to: usize): f32 {
  const size = <f32>Math.sqrt(<f64>sumOfProducts(row, row, width));
  const perStep: f32 = size > LEAST ? LENGTH / size : 0;
  for (let j = 0; j < width; j++) {
    store<i16>(to + ((<usize>j) << 1), <i16>nearest<f32>(load<f32>(row + ((<usize>j) << 2)) * perStep));
  }
  for (let j = width; j < ((width + 15) & ~15); j++) store<i16>(to + ((<usize>j) << 1), 0);
  return size > LEAST ? size / LENGTH : 0;
}

/** Packs float32 centroids `[count, width]`; `perStep`: steps of 1. The rest of the last group is 0. */
export function packCentroids(from: usize, count: i32, width: i32, perStep: f32, to: usize): void {
  const groupBytes = (<usize>width) << 5;
  const groups = (count + 15) >> 4;
  memory.fill(to, 0, <usize>groups * groupBytes);
  for (let c = 0; c < count; c++) {
    const group = to + <usize>(c >> 4) * groupBytes + ((<usize>(c & 15)) << 2);
    for (let j = 0; j < width; j++) {
      const value = nearest<f32>(load<f32>(from + ((<usize>(c * width + j)) << 2)) * perStep);
      store<i16>(group + ((<usize>(j >> 1)) << 6) + ((<usize>(j & 1)) << 1), <i16>value);
    }
  }
}

/** bias[c] − ⟨row, c⟩ for every centroid, to `keys`; `step`: value of a step of a product. */
export function keysOfCentroids(layout: Layout, short: usize, step: f32, bias: usize, keys: usize): void {
  const groups = (layout.partitions + 15) >> 4;
  const rowEnd = short + ((<usize>layout.width) << 1);
  let at = layout.centroids;
  for (let group = 0; group < groups; group++) {
    if (ASC_FEATURE_SIMD) {
      let a = i32x4.splat(0);
      let b = i32x4.splat(0);
      let c = i32x4.splat(0);
      let d = i32x4.splat(0);
      for (let q = short; q < rowEnd; q += 4) {
        const pair = v128.load32_splat(q);
        a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(at), pair));
        b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(at, 16), pair));
        c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load(at, 32), pair));
        d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load(at, 48), pair));
        at += 64;
      }
      const by = f32x4.splat(step);
      v128.store(keys, f32x4.sub(v128.load(bias), f32x4.mul(f32x4.convert_i32x4_s(a), by)));
      v128.store(keys, f32x4.sub(v128.load(bias, 16), f32x4.mul(f32x4.convert_i32x4_s(b), by)), 16);
      v128.store(keys, f32x4.sub(v128.load(bias, 32), f32x4.mul(f32x4.convert_i32x4_s(c), by)), 32);
      v128.store(keys, f32x4.sub(v128.load(bias, 48), f32x4.mul(f32x4.convert_i32x4_s(d), by)), 48);
    } else {
      for (let lane: usize = 0; lane < 64; lane += 4) {
        let sum: i32 = 0;
        let x = at + lane;
        for (let q = short; q < rowEnd; q += 4) {
          sum += <i32>load<i16>(q) * <i32>load<i16>(x) + <i32>load<i16>(q, 2) * <i32>load<i16>(x, 2);
          x += 64;
        }
        store<f32>(keys + lane, load<f32>(bias + lane) - <f32>sum * step);
      }
      at += (<usize>layout.width) << 5;
    }
    bias += 64;
    keys += 64;
  }
}

/** Number of the smallest of keys `[count]`, the first of equal ones. */
function smallest(keys: usize, count: i32): i32 {
  let best = 0;
  let least = load<f32>(keys);
  for (let i = 1; i < count; i++) {
    const key = load<f32>(keys + ((<usize>i) << 2));
    if (key < least) {
      least = key;
      best = i;
    }
  }
  return best;
}

/**
 * The closest centroid of each coded row `[count, stride]`, to `lists`.
 *
 * @param short Room for a row as int16
 * @param keys Room for a key a centroid
 */
export function assign(
  layout: Layout,
  rows: usize,
  count: i32,
  stride: i32,
  short: usize,
  keys: usize,
  lists: usize,
): void {
  for (let i = 0; i < count; i++) {
    const step = shorten(rows, layout.width, short) * layout.centroidStep;
    keysOfCentroids(layout, short, step, layout.assignBias, keys);
    store<i32>(lists + ((<usize>i) << 2), smallest(keys, layout.partitions));
    rows += (<usize>stride) << 2;
  }
}
