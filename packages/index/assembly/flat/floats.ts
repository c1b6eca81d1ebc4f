// Rows as float32. Value j of row r of a group lies at (8·j + r)·4, so that a lane is a row and nothing is ever summed across
// lanes. What a kernel sums up is a type argument, so that the compiler makes a kernel for each.
import { LANES, lanesUpTo, replaceWorst, Scan } from './scan';

/** Σ q·x; the score is `bias − scale · sum`. */
export type Products = f32;
/** Σ |q − x|; the score is `bias + sum`. */
export type Differences = i32;
/** max |q − x|; the score is `bias + sum`. */
export type Largest = i64;

// @inline
export function step<Sum>(sum: v128, x: v128, q: v128): v128 {
  if (isFloat<Sum>()) {
    if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, q, sum);
    return f32x4.add(sum, f32x4.mul(x, q));
  }
  const difference = f32x4.abs(f32x4.sub(x, q));
  if (sizeof<Sum>() == 8) return f32x4.pmax(sum, difference);
  return f32x4.add(sum, difference);
}

// @inline
function score<Sum>(sum: v128, bias: v128, scale: v128): v128 {
  if (isFloat<Sum>()) return f32x4.sub(bias, f32x4.mul(scale, sum));
  return f32x4.add(bias, sum);
}

/** Offers rows of a group to one query's heap. Returns the worst score now kept, in every lane. */
function offer(a: v128, b: v128, mask: u32, scores: usize, rows: usize, kept: u32, first: u32, spill: usize): v128 {
  v128.store(spill, a);
  v128.store(spill, b, 16);
  for (let left = mask; left != 0; left &= left - 1) {
    const lane = ctz<u32>(left);
    const value = load<f32>(spill + ((<usize>lane) << 2));
    if (value < load<f32>(scores)) replaceWorst<f32>(scores, rows, kept, value, first + lane);
  }
  return v128.load_splat<f32>(scores);
}

// @inline
function better(a: v128, b: v128, worst: v128): bool {
  return v128.any_true(v128.or(f32x4.lt(a, worst), f32x4.lt(b, worst)));
}

/** Offers every row to the heaps of four queries at a time. Value j of query t of a tile lies at (4·j + t)·4. */
// @inline
export function scanTiles<Sum>(at: Scan): void {
  const kept = at.kept;
  const heap = (<usize>kept) << 2;
  const spill = at.spill;
  for (let begin: u32 = 0; begin < at.groupCount; begin += at.blockGroups) {
    const end = min<u32>(at.groupCount, begin + at.blockGroups);
    let queries = at.queries;
    let scores = at.scores;
    let rows = at.found;
    for (let tile: u32 = 0; tile < at.tiles; tile++) {
      let worst0 = v128.load_splat<f32>(scores);
      let worst1 = v128.load_splat<f32>(scores + heap);
      let worst2 = v128.load_splat<f32>(scores + 2 * heap);
      let worst3 = v128.load_splat<f32>(scores + 3 * heap);
      for (let group = begin; group < end; group++) {
        const mask: u32 = load<u8>(at.mask + group);
        if (mask == 0) continue;
        let x = at.groups + <usize>group * at.groupBytes;
        const stop = x + at.groupBytes;
        let q = queries;
        let a0 = f32x4.splat(0);
        let b0 = f32x4.splat(0);
        let a1 = f32x4.splat(0);
        let b1 = f32x4.splat(0);
        let a2 = f32x4.splat(0);
        let b2 = f32x4.splat(0);
        let a3 = f32x4.splat(0);
        let b3 = f32x4.splat(0);
        while (x < stop) {
          const a = v128.load(x);
          const b = v128.load(x, 16);
          let s = v128.load_splat<f32>(q);
          a0 = step<Sum>(a0, a, s);
          b0 = step<Sum>(b0, b, s);
          s = v128.load_splat<f32>(q, 4);
          a1 = step<Sum>(a1, a, s);
          b1 = step<Sum>(b1, b, s);
          s = v128.load_splat<f32>(q, 8);
          a2 = step<Sum>(a2, a, s);
          b2 = step<Sum>(b2, b, s);
          s = v128.load_splat<f32>(q, 12);
          a3 = step<Sum>(a3, a, s);
          b3 = step<Sum>(b3, b, s);
          x += 32;
          q += 16;
        }
        const lane = (<usize>group) << 5;
        const biasA = v128.load(at.bias + lane);
        const biasB = v128.load(at.bias + lane, 16);
        const scaleA = v128.load(at.scale + lane);
        const scaleB = v128.load(at.scale + lane, 16);
        a0 = score<Sum>(a0, biasA, scaleA);
        b0 = score<Sum>(b0, biasB, scaleB);
        a1 = score<Sum>(a1, biasA, scaleA);
        b1 = score<Sum>(b1, biasB, scaleB);
        a2 = score<Sum>(a2, biasA, scaleA);
        b2 = score<Sum>(b2, biasB, scaleB);
        a3 = score<Sum>(a3, biasA, scaleA);
        b3 = score<Sum>(b3, biasB, scaleB);
        const row = group * LANES;
        if (better(a0, b0, worst0)) worst0 = offer(a0, b0, mask, scores, rows, kept, row, spill);
        if (better(a1, b1, worst1)) worst1 = offer(a1, b1, mask, scores + heap, rows + heap, kept, row, spill);
        if (better(a2, b2, worst2)) worst2 = offer(a2, b2, mask, scores + 2 * heap, rows + 2 * heap, kept, row, spill);
        if (better(a3, b3, worst3)) worst3 = offer(a3, b3, mask, scores + 3 * heap, rows + 3 * heap, kept, row, spill);
      }
      queries += (<usize>at.dimension) << 4;
      scores += heap << 2;
      rows += heap << 2;
    }
  }
}

/** Sums of one group against one query, in two chains a vector so that additions overlap; written to `spill`. */
// @inline
function sumOfGroup<Sum>(x: usize, q: usize, groupBytes: usize, spill: usize): void {
  const stop = x + groupBytes;
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let d = f32x4.splat(0);
  while (x + 32 < stop) {
    let s = v128.load_splat<f32>(q);
    a = step<Sum>(a, v128.load(x), s);
    b = step<Sum>(b, v128.load(x, 16), s);
    s = v128.load_splat<f32>(q, 4);
    c = step<Sum>(c, v128.load(x, 32), s);
    d = step<Sum>(d, v128.load(x, 48), s);
    x += 64;
    q += 8;
  }
  if (x < stop) {
    const s = v128.load_splat<f32>(q);
    a = step<Sum>(a, v128.load(x), s);
    b = step<Sum>(b, v128.load(x, 16), s);
  }
  if (sizeof<Sum>() == 8) {
    v128.store(spill, f32x4.pmax(a, c));
    v128.store(spill, f32x4.pmax(b, d), 16);
  } else {
    v128.store(spill, f32x4.add(a, c));
    v128.store(spill, f32x4.add(b, d), 16);
  }
}

/** As {@link scanTiles}, for one query `[dimension]`: bound by memory, so it reads straight on. */
// @inline
export function scanSingle<Sum>(at: Scan): void {
  const spill = at.spill;
  let worst = v128.load_splat<f32>(at.scores);
  for (let group: u32 = 0; group < at.groupCount; group++) {
    const mask: u32 = load<u8>(at.mask + group);
    if (mask == 0) continue;
    const lane = (<usize>group) << 5;
    sumOfGroup<Sum>(at.groups + <usize>group * at.groupBytes, at.queries, at.groupBytes, spill);
    const a = score<Sum>(v128.load(spill), v128.load(at.bias + lane), v128.load(at.scale + lane));
    const b = score<Sum>(v128.load(spill, 16), v128.load(at.bias + lane, 16), v128.load(at.scale + lane, 16));
    if (better(a, b, worst)) worst = offer(a, b, mask, at.scores, at.found, at.kept, group * LANES, spill);
  }
}

/** Writes the numbers of the rows of groups `begin … end` whose score is at most `limit` to `out`; returns how many. */
// @inline
export function collect<Sum>(at: Scan, begin: u32, end: u32, limit: f32, out: usize): u32 {
  const most = f32x4.splat(limit);
  const spill = at.spill;
  let found = out;
  for (let group = begin; group < end; group++) {
    const mask: u32 = load<u8>(at.mask + group);
    if (mask == 0) continue;
    const lane = (<usize>group) << 5;
    sumOfGroup<Sum>(at.groups + <usize>group * at.groupBytes, at.queries, at.groupBytes, spill);
    const a = score<Sum>(v128.load(spill), v128.load(at.bias + lane), v128.load(at.scale + lane));
    const b = score<Sum>(v128.load(spill, 16), v128.load(at.bias + lane, 16), v128.load(at.scale + lane, 16));
    for (let left = lanesUpTo(a, b, most) & mask; left != 0; left &= left - 1) {
      store<u32>(found, group * LANES + ctz<u32>(left));
      found += 4;
    }
  }
  return <u32>((found - out) >> 2);
}
