// Rows as codes: each subspace of what a row differs from its centroid by, as the nearest of 16 words.

import { Layout } from './layout';

/** Sweeps over the subspaces after the first choice. */
const SWEEPS: i32 = 4;

/** Writes for each of the 16 words how far it is from a piece of a row, as a square. */
// @inline
function squaresOf(words: usize, piece: usize, size: i32, to: usize): void {
  if (ASC_FEATURE_SIMD) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let j = 0; j < size; j++) {
      const x = v128.load32_splat(piece + ((<usize>j) << 2));
      let e = f32x4.sub(x, v128.load(words));
      a = f32x4.add(a, f32x4.mul(e, e));
      e = f32x4.sub(x, v128.load(words, 16));
      b = f32x4.add(b, f32x4.mul(e, e));
      e = f32x4.sub(x, v128.load(words, 32));
      c = f32x4.add(c, f32x4.mul(e, e));
      e = f32x4.sub(x, v128.load(words, 48));
      d = f32x4.add(d, f32x4.mul(e, e));
      words += 64;
    }
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
    return;
  }
  for (let code: usize = 0; code < 64; code += 4) {
    let sum: f32 = 0;
    for (let j = 0; j < size; j++) {
      const e = load<f32>(piece + ((<usize>j) << 2)) - load<f32>(words + ((<usize>j) << 6) + code);
      sum += e * e;
    }
    store<f32>(to + code, sum);
  }
}

/** Number of the smallest of 16 values, the first of equal ones. */
// @inline
function leastOf16(at: usize): i32 {
  if (ASC_FEATURE_SIMD) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    let low = f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d));
    low = f32x4.pmin(low, v128.shuffle<i32>(low, low, 2, 3, 0, 1));
    low = f32x4.pmin(low, v128.shuffle<i32>(low, low, 1, 0, 3, 2));
    const front = i16x8.narrow_i32x4_s(f32x4.eq(a, low), f32x4.eq(b, low));
    const back = i16x8.narrow_i32x4_s(f32x4.eq(c, low), f32x4.eq(d, low));
    return ctz(i8x16.bitmask(i8x16.narrow_i16x8_s(front, back)));
  }
  let best = 0;
  let least = load<f32>(at);
  for (let code = 1; code < 16; code++) {
    const other = load<f32>(at + ((<usize>code) << 2));
    if (other < least) {
      least = other;
      best = code;
    }
  }
  return best;
}

/** The nearest word of a subspace to a piece. `spill`: 64 bytes. */
// @inline
export function nearestWord(words: usize, piece: usize, size: i32, spill: usize): i32 {
  squaresOf(words, piece, size, spill);
  return leastOf16(spill);
}

/** For each word of a subspace: the part along `along` of the error it would make. */
// @inline
function partsAlong(words: usize, piece: usize, along: usize, size: i32, to: usize): void {
  for (let code: usize = 0; code < 64; code += 4) {
    let sum: f32 = 0;
    for (let j = 0; j < size; j++) {
      const at = (<usize>j) << 2;
      sum += (load<f32>(piece + at) - load<f32>(words + ((<usize>j) << 6) + code)) * load<f32>(along + at);
    }
    store<f32>(to + code, sum);
  }
}

/**
 * Chooses codes that make |e|² + weight · ⟨e, u⟩² small, e the error and u the direction of the row, by going over the subspaces
 * one by one: coordinate descent from the nearest words.
 *
 * @param row As coded; `residual`: less its centroid; `codes`: a byte a subspace, the nearest words to begin with
 * @param squares, along Room for 16 float32 a subspace
 */
function leanAlong(
  layout: Layout,
  row: usize,
  residual: usize,
  weight: f32,
  codes: usize,
  squares: usize,
  along: usize,
): void {
  const subspaces = <usize>layout.subspaces;
  const size = layout.subspaceSize;
  const bytes = (<usize>size) << 2;
  let total: f32 = 0;
  for (let m: usize = 0; m < subspaces; m++) {
    const words = layout.codebooks + m * (bytes << 4);
    squaresOf(words, residual + m * bytes, size, squares + (m << 6));
    partsAlong(words, residual + m * bytes, row + m * bytes, size, along + (m << 6));
    total += load<f32>(along + (m << 6) + ((<usize>load<u8>(codes + m)) << 2));
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let changed = false;
    for (let m: usize = 0; m < subspaces; m++) {
      const chosen = load<u8>(codes + m);
      const others = total - load<f32>(along + (m << 6) + ((<usize>chosen) << 2));
      let best: u8 = 0;
      let least = <f32>Infinity;
      let part: f32 = 0;
      for (let code: usize = 0; code < 16; code++) {
        const own = load<f32>(along + (m << 6) + (code << 2));
        const cost = load<f32>(squares + (m << 6) + (code << 2)) + weight * (others + own) * (others + own);
        if (cost < least) {
          least = cost;
          best = <u8>code;
          part = own;
        }
      }
      total = others + part;
      if (best != chosen) {
        store<u8>(codes + m, best);
        changed = true;
      }
    }
    if (!changed) return;
  }
}

/** Takes the centroid of its list off each coded row `[count, stride]`: centroids `[partitions, width]`. */
export function subtractCentroids(
  layout: Layout,
  rows: usize,
  count: i32,
  stride: i32,
  lists: usize,
  centroids: usize,
  to: usize,
): void {
  for (let i = 0; i < count; i++) {
    const c = centroids + ((<usize>(load<i32>(lists + ((<usize>i) << 2)) * layout.width)) << 2);
    for (let j = 0; j < stride; j++) {
      const at = (<usize>j) << 2;
      store<f32>(to + at, load<f32>(rows + at) - (j < layout.width ? load<f32>(c + at) : 0));
    }
    rows += (<usize>stride) << 2;
    to += (<usize>stride) << 2;
  }
}

/**
 * Codes of rows `[count, stride]`: two a byte to `codes`, bias and square of the error to `biases` and `errors`.
 *
 * @param room 16 + 128 · subspaces bytes and more
 */
export function encode(
  layout: Layout,
  rows: usize,
  residuals: usize,
  count: i32,
  stride: i32,
  codes: usize,
  biases: usize,
  errors: usize,
  room: usize,
): void {
  const subspaces = layout.subspaces;
  const size = layout.subspaceSize;
  const bytes = (<usize>size) << 2;
  const squares = room + ((<usize>(subspaces + 63) >> 6) << 6);
  const along = squares + ((<usize>subspaces) << 6);
  for (let i = 0; i < count; i++) {
    for (let m: usize = 0; m < <usize>subspaces; m++) {
      const code = nearestWord(layout.codebooks + m * (bytes << 4), residuals + m * bytes, size, squares);
      store<u8>(room + m, <u8>code);
    }
    if (layout.parallelWeight > 0) leanAlong(layout, rows, residuals, layout.parallelWeight, room, squares, along);
    let error: f32 = 0;
    let bias: f32 = 0;
    for (let m: usize = 0; m < <usize>subspaces; m++) {
      const word = layout.codebooks + m * (bytes << 4) + ((<usize>load<u8>(room + m)) << 2);
      for (let j: usize = 0; j < <usize>size; j++) {
        const at = m * bytes + (j << 2);
        const w = load<f32>(word + (j << 6));
        const r = load<f32>(residuals + at);
        error += (r - w) * (r - w);
        // ⟨c, w⟩ + |w|²/2, as c = row − residual.
        bias += (load<f32>(rows + at) - r + w * 0.5) * w;
      }
    }
    store<f32>(biases, bias - error * 0.5);
    store<f32>(errors, error);
    for (let m: usize = 0; m < <usize>subspaces; m += 2) {
      store<u8>(codes + (m >> 1), load<u8>(room + m) | (load<u8>(room + m, 1) << 4));
    }
    rows += (<usize>stride) << 2;
    residuals += (<usize>stride) << 2;
    codes += <usize>subspaces >> 1;
    biases += 4;
    errors += 4;
  }
}
